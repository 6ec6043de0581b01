/** Gradients by central differences. */

import { AssertionError } from '../../../errors.js'
import { float64 } from '../../dtype.js'
import { aten } from '../../nn/aten.js'
import { pythonFloat, pythonTuple } from '../../nn/python-repr.js'
import type { Tensor } from '../../tensor.js'
import { checkedInputs, isDifferentiable, type ListFunction } from './problem.js'

/** A step: of a single element, or a direction of the input's shape. */
type Step = number | Tensor

const asTensor = (step: Step) => (typeof step === 'number' ? aten.full([], step, { dtype: float64 }) : step)

const imaginary = (step: Step) => {
  const size = asTensor(step)
  return aten.complex(aten.zeros_like(size), size)
}

/**
 * Derivatives of every output along a step of an input, each flat. For a complex input they are the conjugate
 * Wirtinger derivatives: real along `re` plus i times the derivative along i * `im`.
 *
 * @param entry the input, or an element of it, that is moved and put back; shares the input's memory
 */
export function derivatives(
  fn: ListFunction,
  inputs: readonly unknown[],
  entry: Tensor,
  [re, im]: readonly [re: Step, im: Step],
  eps: number,
  index?: readonly number[],
): Tensor[] {
  const along = (step: Step) => difference(() => fn(inputs), entry, step, eps, index)
  const real = along(re)
  if (!entry.is_complex()) return real
  const crosswise = along(imaginary(im))
  return real.map((part, i) => aten.complex(part, crosswise[i] as Tensor))
}

function difference(
  evaluate: () => Tensor[],
  entry: Tensor,
  step: Step,
  eps: number,
  index?: readonly number[],
): Tensor[] {
  const original = entry.clone()
  const at = (value: Tensor) => {
    entry.copy_(value)
    return evaluate().map((output) => output.clone())
  }
  const before = at(original.sub(asTensor(step)))
  const after = at(original.add(asTensor(step)))
  entry.copy_(original)
  return before.map((a, i) => {
    const b = after[i] as Tensor
    requireSameKind(a, b, eps, index)
    return b
      .sub(a)
      .div(2 * eps)
      .detach()
      .reshape(-1)
  })
}

function requireSameKind(a: Tensor, b: Tensor, eps: number, index?: readonly number[]): void {
  const place = index === undefined ? '' : `on index ${index.length === 0 ? '()' : pythonTuple(index)} `
  const same = (what: string, first: string, second: string) => {
    if (first === second) return
    throw new AssertionError(
      `Expected \`func\` to return outputs with the same ${what} when inputs are perturbed ${place}by ${pythonFloat(eps)}, but got: ${what}s ${first} and ${second}.`,
    )
  }
  const size = ({ shape }: Tensor) => `torch.Size([${shape.join(', ')}])`
  same('shape', size(a), size(b))
  same('dtype', String(a.dtype), String(b.dtype))
}

/** For each checked input, for each differentiable output, the Jacobian (input elements, output elements). */
export function numericalJacobians(
  fn: ListFunction,
  inputs: readonly unknown[],
  outputs: readonly Tensor[],
  eps: number,
): Tensor[][] {
  const kept = outputs.flatMap((output, i) => (isDifferentiable(output) ? [i] : []))
  return checkedInputs(inputs).map(([, input]) => {
    const rows = indicesOf(input.shape).map((index) => {
      const entry = index.length === 0 ? input.data : input.data.at(...index)
      return derivatives(fn, inputs, entry, [eps, eps], eps, index)
    })
    return kept.map((i) => {
      const columns = (outputs[i] as Tensor).numel()
      if (rows.length === 0) return aten.zeros([0, columns], { dtype: input.dtype })
      return aten.stack(rows.map((row) => row[i] as Tensor))
    })
  })
}

/** All positions of a tensor, in row-major order. */
function indicesOf(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (heads, size) => heads.flatMap((head) => Array.from({ length: size }, (_, i) => [...head, i])),
    [[]],
  )
}
