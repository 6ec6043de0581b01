/** The fast mode: one random combination of the Jacobian's rows and columns instead of all its elements. */

import { GradcheckError } from '../../../errors.js'
import { float32, float64 } from '../../dtype.js'
import { aten } from '../../nn/aten.js'
import { Generator } from '../../random.js'
import type { Tensor } from '../../tensor.js'
import { analyticalJacobians } from './analytical.js'
import { compareAll, format, isClose, mismatch } from './compare.js'
import { derivatives, numericalJacobians } from './numerical.js'
import { checkedInputs, isDifferentiable, type Problem, requiringGrad } from './problem.js'

/** Of an input: one vector, two for a complex one (the second is multiplied by i). */
type Direction = [re: Tensor, im: Tensor]

const slowWouldPass = `Fast gradcheck failed but element-wise differences are small. This means that the
test might've passed in slow_mode! Pass { fast_mode: false }.`

/** @throws GradcheckError */
export function compareFast(problem: Problem): void {
  const { fn, inputs, limits } = problem
  const checked = checkedInputs(inputs).map(([, input]) => input)
  const results = fn(inputs)
  const outputs = requiringGrad(results)
  if (outputs.length === 0) {
    compareAll(problem)
    return
  }
  // A generator of its own, so that the caller's random numbers stay what they are.
  const generator = new Generator()
  const us = checked.map((input): Direction => {
    const re = randomDirection(input, generator)
    return [re, input.is_complex() ? randomDirection(input, generator) : re]
  })
  const vs = outputs.map((output) => randomDirection(output, generator))
  const kept = results.flatMap((output, i) => (isDifferentiable(output) && output.requires_grad ? [i] : []))
  const numerical = checked.map((input, i) => {
    const direction = us[i] as Direction
    const [re, im] = direction.map((u) => u.reshape(input.shape).mul(limits.eps)) as Direction
    const along = derivatives(fn, inputs, input.data, [re, im], limits.eps)
    return kept.map((position, o) => (vs[o] as Tensor).mul(along[position] as Tensor).sum())
  })
  const analytical = outputs.map((output, o) =>
    analyticalJacobians(inputs, output, limits, vs[o]).map((column, i) =>
      combine(column.squeeze(1), us[i] as Direction),
    ),
  )
  for (const i of checked.keys()) {
    for (const o of outputs.keys()) {
      const [a, n] = [analytical[o]?.[i] as Tensor, numerical[i]?.[o] as Tensor]
      const atol = limits.atol * weight(us[i] as Direction, checked[i] as Tensor) * sumOf(vs[o] as Tensor)
      if (isClose(a, n, limits.rtol, atol)) continue
      throw new GradcheckError(mismatch(a, n, o, i, problem.complex) + inDetail(problem, outputs, i, o))
    }
  }
}

function randomDirection(tensor: Tensor, generator: Generator): Tensor {
  const dtype = tensor.dtype.itemsize / (tensor.is_complex() ? 2 : 1) === 8 ? float64 : float32
  const vector = aten.rand([tensor.numel()], { generator }).to({ dtype, device: tensor.device })
  return vector.div(vector.norm())
}

function combine(column: Tensor, [re, im]: Direction): Tensor {
  if (!column.is_complex()) return column.dot(re)
  const parts = aten.view_as_real(column.resolve_conj())
  return aten.complex(parts.select(-1, 0).dot(re), parts.select(-1, 1).dot(im))
}

const sumOf = (tensor: Tensor) => tensor.sum().item()

// A sum of elements may be off by as many times `atol` as it has elements, weighted.
const weight = ([re, im]: Direction, input: Tensor) =>
  input.is_complex() ? sumOf(re) + sumOf(im) : sumOf(re)

function inDetail({ fn, inputs, limits }: Problem, outputs: Tensor[], input: number, output: number): string {
  const numerical = numericalJacobians((given) => requiringGrad(fn(given)), inputs, outputs, limits.eps)[
    input
  ]?.[output] as Tensor
  const unchecked = { nondet_tol: Number.POSITIVE_INFINITY, check_grad_dtypes: false }
  const analytical = analyticalJacobians(inputs, outputs[output] as Tensor, unchecked)[input] as Tensor
  const apart = numerical.sub(analytical).abs().max()
  const text = `
The above quantities relating the numerical and analytical jacobians are computed 
in fast mode. See: https://github.com/pytorch/pytorch/issues/53876 for more background 
about fast mode. Below, we recompute numerical and analytical jacobians in slow mode:

Numerical:
 ${numerical}
Analytical:
${analytical}

The max per-element difference (slow mode) is: ${format(apart)}.
`
  return isClose(analytical, numerical, limits.rtol, limits.atol) ? text + slowWouldPass : text
}
