/** Gradients by backward passes, one for each element of an output. */

import { GradcheckError } from '../../../errors.js'
import { aten } from '../../nn/aten.js'
import { pythonFloat } from '../../nn/python-repr.js'
import type { Tensor } from '../../tensor.js'
import { grad } from '../engine.js'
import { checkedInputs, type Limits } from './problem.js'

const nondeterminism = `

NOTE: If your op relies on non-deterministic operations i.e., it is listed here:
https://pytorch.org/docs/stable/generated/torch.use_deterministic_algorithms.html
this failure might be expected. Pass { nondet_tol } to allow for it.`

/**
 * For each checked input the Jacobian (input elements, output elements); with a `direction` of the output's elements,
 * its one combination of columns (input elements, 1). Computed twice, to find passes that differ.
 *
 * @throws GradcheckError
 */
export function analyticalJacobians(
  inputs: readonly unknown[],
  output: Tensor,
  { nondet_tol, check_grad_dtypes }: Pick<Limits, 'nondet_tol' | 'check_grad_dtypes'>,
  direction?: Tensor,
): Tensor[] {
  const checked = checkedInputs(inputs).map(([, input]) => input)
  const compute = () => {
    const gradients = directionsOf(output, direction).map((given) =>
      grad(output, checked, { grad_outputs: given, retain_graph: true, allow_unused: true }),
    )
    return checked.map((input, i) => {
      const columns = gradients.map((each) => columnOf(each[i] ?? null, input, check_grad_dtypes))
      if (columns.length === 0) return aten.zeros([input.numel(), 0], { dtype: input.dtype })
      return aten.stack(columns, 1)
    })
  }
  const [first, second] = [compute(), compute()]
  for (const [i, jacobian] of first.entries()) {
    if (jacobian.numel() === 0) continue
    const apart = jacobian
      .sub(second[i] as Tensor)
      .abs()
      .max()
      .item()
    if (apart > nondet_tol) {
      throw new GradcheckError(
        'Backward is not reentrant, i.e., running backward with same input and grad_output multiple times gives ' +
          'different values, although analytical gradient matches numerical gradient.' +
          `The tolerance for nondeterminism was ${pythonFloat(nondet_tol)}.${nondeterminism}`,
      )
    }
  }
  return first
}

function directionsOf(output: Tensor, direction: Tensor | undefined): Tensor[] {
  if (direction) return [direction.reshape(output.shape)]
  return Array.from({ length: output.numel() }, (_, j) => {
    const unit = aten.zeros([output.numel()], { dtype: output.dtype, device: output.device })
    return unit.set(j, 1).reshape(output.shape)
  })
}

function columnOf(gradient: Tensor | null, input: Tensor, checkDtype: boolean): Tensor {
  if (gradient === null) return aten.zeros([input.numel()], { dtype: input.dtype, device: input.device })
  if (String(gradient.shape) !== String(input.shape)) {
    throw new GradcheckError('Analytical gradient has incorrect size')
  }
  if (checkDtype && gradient.dtype !== input.dtype) throw new GradcheckError('Gradient has dtype mismatch')
  return gradient.detach().clone().reshape(-1).to(input.dtype)
}
