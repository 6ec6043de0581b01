/** torch.nn.utils: gradient clipping. */

import { no_grad, scope } from '../modes.js'
import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'

const foreachNorm = operator<(tensors: Tensor[], order: number) => Tensor[]>('aten::_foreach_norm')
const foreachMul = operator<(tensors: Tensor[], factor: Tensor) => void>('aten::_foreach_mul_')
const zeros = operator<(size: number[]) => Tensor>('aten::zeros')
const stack = operator<(tensors: Tensor[]) => Tensor>('aten::stack')
const vectorNorm = operator<(tensor: Tensor, order: number) => Tensor>('aten::linalg_vector_norm')

/**
 * torch.nn.utils.clip_grad_norm_: scales all gradients so that their joint norm is at most `max_norm`, in place, with
 * PyTorch's order of operations. Returns the norm before.
 */
export function clip_grad_norm_(parameters: readonly Tensor[], max_norm: number, norm_type = 2): Tensor {
  // A scope, or the gradients read here would be kept beyond `zero_grad()`, until the collector finds their objects.
  return no_grad(() =>
    scope(() => {
      const gradients = parameters.map((parameter) => parameter.grad).filter((grad) => grad !== null)
      if (gradients.length === 0) return zeros([])
      const total = vectorNorm(stack(foreachNorm(gradients, norm_type)), norm_type)
      const factor = total.add(1e-6).reciprocal().mul(max_norm)
      foreachMul(gradients, factor.clamp({ max: 1 }))
      return total
    }),
  )
}

/** torch.nn.utils.clip_grad_value_: limits each gradient's elements to [-clip_value, clip_value], in place. */
export function clip_grad_value_(parameters: Tensor | readonly Tensor[], clip_value: number): void {
  const list = Array.isArray(parameters) ? (parameters as readonly Tensor[]) : [parameters as Tensor]
  no_grad(() =>
    scope(() => {
      for (const { grad } of list) grad?.clamp_(-clip_value, clip_value)
    }),
  )
}
