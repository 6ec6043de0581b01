/** Numerical against analytical Jacobians, element by element. */

import { GradcheckError } from '../../../errors.js'
import { promote_types } from '../../functions/dtypes.js'
import type { Tensor } from '../../tensor.js'
import { printScalar, scalarOf } from '../../testing/scalar.js'
import { analyticalJacobians } from './analytical.js'
import { numericalJacobians } from './numerical.js'
import { type ComplexPart, isDifferentiable, type Problem, requiringGrad } from './problem.js'

/** Python's `format(tensor)`: a tensor without dimensions as its number. */
export const format = (tensor: Tensor): string =>
  tensor.ndim === 0 ? printScalar(scalarOf(tensor)) : String(tensor)

export function isClose(a: Tensor, b: Tensor, rtol: number, atol: number): boolean {
  const dtype = promote_types(a.dtype, b.dtype)
  return Boolean(a.to(dtype).isclose(b.to(dtype), rtol, atol).all().item())
}

/** The error's text, as PyTorch words it. */
export function mismatch(
  analytical: Tensor,
  numerical: Tensor,
  output: number,
  input: number,
  complex: ComplexPart | null,
): string {
  const half = complex?.outputs.includes(output)
    ? `While considering the ${complex.part} part of complex outputs only, `
    : ''
  return `${half}Jacobian mismatch for output ${output} with respect to input ${input},\nnumerical:${format(numerical)}\nanalytical:${format(analytical)}\n`
}

/** @throws GradcheckError */
export function compareAll({ fn, inputs, limits, complex }: Problem): void {
  const results = fn(inputs)
  const outputs = requiringGrad(results)
  const numerical = numericalJacobians(fn, inputs, results, limits.eps)
  if (outputs.length === 0) requireZero(numerical)
  const kept = results.filter(isDifferentiable).flatMap((output, i) => (output.requires_grad ? [i] : []))
  for (const [o, output] of outputs.entries()) {
    for (const [i, analytical] of analyticalJacobians(inputs, output, limits).entries()) {
      const n = numerical[i]?.[kept[o] as number] as Tensor
      if (isClose(analytical, n, limits.rtol, limits.atol)) continue
      throw new GradcheckError(mismatch(analytical, n, o, i, complex))
    }
  }
}

// A function whose outputs need no gradient must not depend on its inputs.
function requireZero(numerical: readonly Tensor[][]): void {
  if (numerical.flat().some((jacobian) => jacobian.ne(0).any().item())) {
    throw new GradcheckError('Numerical gradient for function expected to be zero')
  }
}
