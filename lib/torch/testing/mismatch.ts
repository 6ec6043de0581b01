/** What torch.testing says about values that are not close. */

import { int64 } from '../dtype.js'
import { pythonTuple } from '../nn/python-repr.js'
import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'
import { distance, magnitude, printScalar, type Scalar, scalarOf } from './scalar.js'
import type { Tolerances } from './tolerances.js'

interface Difference {
  value: Scalar
  /** Where it stands; absent for single values. */
  index?: readonly number[]
}

const sum = operator<(self: Tensor) => Tensor>('aten::sum')
const greatest = operator<(self: Tensor, dim: number) => [Tensor, Tensor]>('aten::max')

const printIndex = (index: readonly number[]) => (index.length === 0 ? '()' : pythonTuple(index))

function describe(
  identifier: string,
  extra: string,
  differences: { absolute: Difference; relative: Difference },
  { rtol, atol }: Tolerances,
): string {
  const equality = rtol === 0 && atol === 0
  const line = (kind: 'absolute' | 'relative', allowed: number) => {
    const { value, index } = differences[kind]
    const head =
      index === undefined
        ? `${kind === 'absolute' ? 'Absolute' : 'Relative'} difference: ${printScalar(value)}`
        : `Greatest ${kind} difference: ${printScalar(value)} at index ${printIndex(index)}`
    return equality ? head : `${head} (up to ${tolerance(allowed)} allowed)`
  }
  const title = `${identifier} are not ${equality ? 'equal' : 'close'}!`
  return `${title}\n\n${extra}\n${line('absolute', atol)}\n${line('relative', rtol)}`
}

// As the literal was most likely written: 1 and not 1.0.
const tolerance = (value: number) => (Number.isInteger(value) ? String(value) : printScalar(value))

/** For single values. */
export function scalarMismatch(
  actual: Scalar,
  expected: Scalar,
  tolerances: Tolerances,
  identifier = 'Scalars',
): string {
  const absolute = distance(actual, expected)
  const size = magnitude(expected)
  const relative = size === 0 ? Number.POSITIVE_INFINITY : Number(absolute) / size
  return describe(
    identifier,
    `Expected ${printScalar(expected)} but got ${printScalar(actual)}.`,
    { absolute: { value: absolute }, relative: { value: relative } },
    tolerances,
  )
}

/** Half to even, as Python rounds; a multiple of a quarter is the only tie that a double can hold here. */
function percentage(share: number): string {
  const percent = share * 100
  return percent % 1 === 0.25 ? `${Math.floor(percent)}.2%` : `${percent.toFixed(1)}%`
}

function unravel(position: number, shape: readonly number[]): number[] {
  let rest = position
  const index: number[] = []
  for (const size of shape.toReversed()) {
    index.unshift(rest % size)
    rest = Math.floor(rest / size)
  }
  return index
}

/** For tensors; `matches` is a mask of the elements that are close. */
export function tensorMismatch(
  actual: Tensor,
  expected: Tensor,
  matches: Tensor,
  tolerances: Tolerances,
  identifier = 'Tensor-likes',
): string {
  const count = matches.numel()
  const wrong = count - sum(matches).item()
  const extra = `Mismatched elements: ${wrong} / ${count} (${percentage(wrong / count)})`
  if (actual.dtype.is_floating_point && actual.dtype.itemsize === 1) {
    const first = matches.logical_not().nonzero().at(0).tolist() as number[]
    return `${identifier} are not 'equal'!\n\n${extra}\nThe first mismatched element is at index ${printIndex(first)}.`
  }
  const isWhole = !actual.dtype.is_floating_point && !actual.is_complex()
  const flat = (tensor: Tensor) => (isWhole ? tensor.flatten().to(int64) : tensor.flatten())
  const [ours, theirs, mask] = [flat(actual), flat(expected), matches.flatten()]
  const absolute = ours.sub(theirs).abs().masked_fill(mask, 0)
  const relative = absolute.div(theirs.abs()).masked_fill(mask, 0)
  const worst = (values: Tensor): Difference => {
    const [value, position] = greatest(values, 0)
    return { value: scalarOf(value), index: unravel(position.item(), matches.shape) }
  }
  return describe(identifier, extra, { absolute: worst(absolute), relative: worst(relative) }, tolerances)
}
