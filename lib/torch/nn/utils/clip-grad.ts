/** torch.nn.utils: gradient clipping. */

import { ArgumentError } from '../../../errors.js'
import { no_grad, scope } from '../../modes.js'
import { operator } from '../../operators.js'
import type { Tensor } from '../../tensor.js'
import { named, type Rest } from '../arguments.js'

const foreachNorm = operator<(tensors: Tensor[], order: number) => Tensor[]>('aten::_foreach_norm')
const foreachMul = operator<(tensors: Tensor[], factor: Tensor) => void>('aten::_foreach_mul_')
const zeros = operator<(size: number[]) => Tensor>('aten::zeros')
const stack = operator<(tensors: Tensor[]) => Tensor>('aten::stack')
const vectorNorm = operator<(tensor: Tensor, order: number) => Tensor>('aten::linalg_vector_norm')

const asList = (tensors: Tensor | readonly Tensor[]) =>
  Array.isArray(tensors) ? (tensors as readonly Tensor[]) : [tensors as Tensor]
const gradientsOf = (parameters: Tensor | readonly Tensor[]) =>
  asList(parameters).flatMap(({ grad }) => (grad === null ? [] : [grad]))

export interface TotalNormOptions {
  /** Order of the norm, default 2. */
  norm_type?: number
  /** Refuse a norm that is infinite or NaN; default false. */
  error_if_nonfinite?: boolean
}
const normNames = ['norm_type', 'error_if_nonfinite'] as const
type NormRest = Rest<TotalNormOptions, [...typeof normNames]>

/**
 * torch.nn.utils.get_total_norm: the joint norm of all tensors' elements.
 *
 * @throws ArgumentError when it is not finite and `error_if_nonfinite`.
 */
export function get_total_norm(tensors: Tensor | readonly Tensor[], ...rest: NormRest): Tensor {
  const options = named<TotalNormOptions>('get_total_norm()', rest, normNames)
  const { norm_type = 2, error_if_nonfinite = false } = options
  const list = [...asList(tensors)]
  if (list.length === 0) return zeros([])
  const total = vectorNorm(stack(foreachNorm(list, norm_type)), norm_type)
  if (error_if_nonfinite && !Number.isFinite(total.item())) {
    throw new ArgumentError(
      `The total norm of order ${norm_type} for gradients from \`parameters\` is non-finite, so it cannot be clipped.`,
      { hint: 'set error_if_nonfinite to false to scale the gradients by it anyway' },
    )
  }
  return total
}

/** torch.nn.utils.clip_grads_with_norm_: scales all gradients, in place, as if `total_norm` were their joint norm. */
export function clip_grads_with_norm_(
  parameters: Tensor | readonly Tensor[],
  max_norm: number,
  total_norm: Tensor,
): void {
  no_grad(() =>
    scope(() => {
      const gradients = gradientsOf(parameters)
      if (gradients.length === 0) return
      const factor = total_norm.add(1e-6).reciprocal().mul(max_norm)
      foreachMul(gradients, factor.clamp({ max: 1 }))
    }),
  )
}

/**
 * torch.nn.utils.clip_grad_norm_: scales all gradients so that their joint norm is at most `max_norm`, in place, with
 * PyTorch's order of operations. Returns the norm before.
 */
export function clip_grad_norm_(
  parameters: Tensor | readonly Tensor[],
  max_norm: number,
  ...rest: NormRest
): Tensor {
  // A scope, or the gradients read here would be kept beyond `zero_grad()`, until the collector finds their objects.
  return no_grad(() =>
    scope(() => {
      const total = get_total_norm(gradientsOf(parameters), ...rest)
      clip_grads_with_norm_(parameters, max_norm, total)
      return total
    }),
  )
}

/** torch.nn.utils.clip_grad_value_: limits each gradient's elements to [-clip_value, clip_value], in place. */
export function clip_grad_value_(parameters: Tensor | readonly Tensor[], clip_value: number): void {
  no_grad(() =>
    scope(() => {
      for (const { grad } of asList(parameters)) grad?.clamp_(-clip_value, clip_value)
    }),
  )
}
