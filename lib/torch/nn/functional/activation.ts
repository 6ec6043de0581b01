/** torch.nn.functional: activations whose Python form has more than their operator, mostly `inplace`. */

import type { DTypeLike } from '../../dtype.js'
import type { Tensor } from '../../tensor.js'
import { named, type Rest } from '../arguments.js'
import { aten } from '../aten.js'

export interface Inplace {
  /** Write into the input; default false. */
  inplace?: boolean
}
type Simple = (input: Tensor, ...rest: Rest<Inplace, ['inplace']>) => Tensor

const simple =
  (name: string, make: (input: Tensor) => Tensor, inplace: (input: Tensor) => Tensor): Simple =>
  (input, ...rest) =>
    named<Inplace>(name, rest, ['inplace']).inplace ? inplace(input) : make(input)

/** torch.nn.functional.relu */
export const relu = simple('relu', aten.relu, (input) => input.relu_())
/** torch.nn.functional.relu6: `min(max(0, x), 6)`. */
export const relu6 = simple(
  'relu6',
  (input) => aten.hardtanh(input, 0, 6),
  (input) => input.hardtanh_(0, 6),
)
/** torch.nn.functional.silu: `x * sigmoid(x)`. */
export const silu = simple('silu', aten.silu, (input) => input.silu_())
/** torch.nn.functional.mish */
export const mish = simple('mish', aten.mish, (input) => input.mish_())
/** torch.nn.functional.selu */
export const selu = simple('selu', aten.selu, (input) => input.selu_())
/** torch.nn.functional.hardswish */
export const hardswish = simple('hardswish', aten.hardswish, (input) => input.hardswish_())
/** torch.nn.functional.hardsigmoid */
export const hardsigmoid = simple('hardsigmoid', aten.hardsigmoid, (input) => input.hardsigmoid_())

export interface LeakyReluOptions extends Inplace {
  /** Default 0.01. */
  negative_slope?: number
}

/** torch.nn.functional.leaky_relu */
export function leaky_relu(
  input: Tensor,
  ...rest: Rest<LeakyReluOptions, ['negative_slope', 'inplace']>
): Tensor {
  const { negative_slope = 0.01, inplace } = named<LeakyReluOptions>('leaky_relu', rest, [
    'negative_slope',
    'inplace',
  ])
  return inplace ? input.leaky_relu_(negative_slope) : aten.leaky_relu(input, negative_slope)
}

export interface EluOptions extends Inplace {
  /** Default 1. */
  alpha?: number
}

/** torch.nn.functional.elu */
export function elu(input: Tensor, ...rest: Rest<EluOptions, ['alpha', 'inplace']>): Tensor {
  const { alpha = 1, inplace } = named<EluOptions>('elu', rest, ['alpha', 'inplace'])
  return inplace ? input.elu_(alpha) : aten.elu(input, alpha)
}

/** torch.nn.functional.celu */
export function celu(input: Tensor, ...rest: Rest<EluOptions, ['alpha', 'inplace']>): Tensor {
  const { alpha = 1, inplace } = named<EluOptions>('celu', rest, ['alpha', 'inplace'])
  return inplace ? input.celu_(alpha) : aten.celu(input, alpha)
}

export interface HardtanhOptions extends Inplace {
  /** Default -1. */
  min_val?: number
  /** Default 1. */
  max_val?: number
}

/** torch.nn.functional.hardtanh */
export function hardtanh(
  input: Tensor,
  ...rest: Rest<HardtanhOptions, ['min_val', 'max_val', 'inplace']>
): Tensor {
  const options = named<HardtanhOptions>('hardtanh', rest, ['min_val', 'max_val', 'inplace'])
  const { min_val = -1, max_val = 1, inplace } = options
  return inplace ? input.hardtanh_(min_val, max_val) : aten.hardtanh(input, min_val, max_val)
}

/** torch.nn.functional.logsigmoid */
export const logsigmoid = (input: Tensor): Tensor => aten.log_sigmoid(input)
/** torch.nn.functional.softsign: `x / (1 + |x|)`. */
export const softsign = (input: Tensor): Tensor => input.div(input.abs().add(1))
/** torch.nn.functional.tanhshrink: `x - tanh(x)`. */
export const tanhshrink = (input: Tensor): Tensor => input.sub(input.tanh())

export interface SoftmaxOptions {
  /** Converts the input first. */
  dtype?: DTypeLike | null
}

/** torch.nn.functional.softmin: `softmax(-x)`. */
export function softmin(input: Tensor, dim: number, options: SoftmaxOptions = {}): Tensor {
  return aten.softmax(input.neg(), dim, options.dtype ?? null)
}
