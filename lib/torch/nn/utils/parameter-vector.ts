/** torch.nn.utils: all parameters as one vector, and back. */

import { ShapeError } from '../../../errors.js'
import type { Tensor } from '../../tensor.js'
import { aten } from '../aten.js'

/** torch.nn.utils.parameters_to_vector: a new vector with all elements, in order; differentiable. */
export function parameters_to_vector(parameters: Iterable<Tensor>): Tensor {
  return aten.cat(Array.from(parameters, (parameter) => parameter.reshape([-1])))
}

/**
 * torch.nn.utils.vector_to_parameters: the parameters become views of the vector's memory.
 *
 * @throws ShapeError when the vector has fewer or more elements than the parameters; nothing is changed then.
 */
export function vector_to_parameters(vec: Tensor, parameters: Iterable<Tensor>): void {
  const list = [...parameters]
  const wanted = list.reduce((sum, parameter) => sum + parameter.numel(), 0)
  if (vec.ndim !== 1 || vec.numel() !== wanted) {
    throw new ShapeError(`the vector is (${vec.shape}), the parameters have ${wanted} elements`)
  }
  let start = 0
  for (const parameter of list) {
    const part = vec.narrow(0, start, parameter.numel())
    parameter.data = part.view_as(parameter).data
    start += parameter.numel()
  }
}
