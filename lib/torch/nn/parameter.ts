/** torch.nn.Parameter */

import { native } from '../native.js'
import type { Tensor } from '../tensor.js'

const parameters = new WeakSet<Tensor>()

/** torch.nn.Parameter: marks a tensor as a module's parameter and lets gradients flow to it. */
export function Parameter(data: Tensor, requires_grad = true): Tensor {
  const parameter =
    data.requires_grad === requires_grad && data.is_leaf ? data : data.detach().requires_grad_(requires_grad)
  parameters.add(parameter)
  return parameter
}

/** Whether a value came from `Parameter`. */
export const isParameter = (value: unknown): value is Tensor =>
  native.isTensor(value) && parameters.has(value as Tensor)
