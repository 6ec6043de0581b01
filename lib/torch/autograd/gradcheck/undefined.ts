/** What a backward pass does with gradients that are zero or absent. */

import { GradcheckError, RobertorchError } from '../../../errors.js'
import { aten } from '../../nn/aten.js'
import type { Tensor } from '../../tensor.js'
import { grad } from '../engine.js'
import { AutogradFunction, type FunctionContext } from '../function.js'
import { checkedInputs, type ListFunction, requiringGrad } from './problem.js'

/** Passes its input on and no gradient back. */
class UndefinedGrad extends AutogradFunction {
  static forward(_: FunctionContext, input: Tensor): Tensor {
    return input
  }

  static backward(): null {
    return null
  }
}

const zerosLike = (outputs: readonly Tensor[]) => outputs.map((output) => aten.zeros_like(output))

/** Gradients of zero must give zeros, of the inputs' kind. */
export function checkZeroGradients(outputs: readonly Tensor[], inputs: readonly unknown[]): void {
  const checked = checkedInputs(inputs).map(([, input]) => input)
  const gradients = grad(outputs, checked, { grad_outputs: zerosLike(outputs), allow_unused: true })
  for (const [i, gradient] of gradients.entries()) {
    if (gradient === null) continue
    const input = checked[i] as Tensor
    if (gradient.ne(0).any().item()) throw new GradcheckError('backward not multiplied by grad_output')
    if (gradient.dtype !== input.dtype) throw new GradcheckError('grad is incorrect type')
    if (String(gradient.device) !== String(input.device)) throw new GradcheckError('grad is incorrect device')
    if (String(gradient.shape) !== String(input.shape)) throw new GradcheckError('grad is incorrect size')
  }
}

/** Gradients that are absent, of all outputs and of one at a time, must count as zeros. */
export function checkUndefinedGradients(fn: ListFunction, inputs: readonly unknown[]): void {
  const checked = checkedInputs(inputs).map(([, input]) => input)
  const count = requiringGrad(fn(inputs)).length
  const cases = count > 1 ? [null, ...Array(count).keys()] : [null]
  for (const only of cases) {
    const outputs = requiringGrad(fn(inputs)).map((output, i) =>
      only === null || only === i ? UndefinedGrad.apply(output) : output,
    )
    for (const gradient of gradientsOfZero(outputs, checked)) {
      if (!gradient?.ne(0).any().item()) continue
      throw new GradcheckError(
        'Expected all input grads to be undefined or zero when all output grads are undefined or zero. Pass { check_undefined_grad: false } to leave this check out.',
      )
    }
  }
}

function gradientsOfZero(outputs: readonly Tensor[], inputs: readonly Tensor[]): (Tensor | null)[] {
  try {
    return grad(outputs, inputs, { grad_outputs: zerosLike(outputs), allow_unused: true })
  } catch (cause) {
    if (!(cause instanceof RobertorchError)) throw cause
    throw new GradcheckError(
      'Expected backward function to handle undefined output grads. Pass { check_undefined_grad: false } to leave this check out.',
      { cause },
    )
  }
}
