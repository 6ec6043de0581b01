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

export interface ThresholdOptions extends Inplace {
  threshold: number
  /** Takes the place of elements at most `threshold`. */
  value: number
}

/** torch.nn.functional.threshold */
export function threshold(
  input: Tensor,
  ...rest: Rest<ThresholdOptions, ['threshold', 'value', 'inplace']>
): Tensor {
  const names = ['threshold', 'value', 'inplace'] as const
  const { threshold: least, value, inplace } = named<ThresholdOptions>('threshold', rest, names)
  return inplace ? input.threshold_(least, value) : aten.threshold(input, least, value)
}

export interface RReluOptions extends Inplace {
  /** Default 1/8. */
  lower?: number
  /** Default 1/3. */
  upper?: number
  /** Default false: their mean instead of slopes drawn between them. */
  training?: boolean
}
const rreluNames = ['lower', 'upper', 'training', 'inplace'] as const

/** torch.nn.functional.rrelu: a leaky ReLU whose slope is drawn for each element. */
export function rrelu(input: Tensor, ...rest: Rest<RReluOptions, [...typeof rreluNames]>): Tensor {
  const options = named<RReluOptions>('rrelu', rest, rreluNames)
  const { lower = 1 / 8, upper = 1 / 3, training = false, inplace } = options
  return inplace ? input.rrelu_(lower, upper, training) : aten.rrelu(input, lower, upper, training)
}

export interface GumbelOptions {
  /** Temperature, default 1. */
  tau?: number
  /** One-hot results with the gradient of the soft ones. */
  hard?: boolean
  /** Default -1. */
  dim?: number
}

/** torch.nn.functional.gumbel_softmax: a sample of the Gumbel-softmax distribution of logits. */
export function gumbel_softmax(logits: Tensor, ...rest: Rest<GumbelOptions, ['tau', 'hard']>): Tensor {
  const { tau = 1, hard, dim = -1 } = named<GumbelOptions>('gumbel_softmax', rest, ['tau', 'hard'], ['dim'])
  const noise = aten.empty_like(logits).exponential_().log().neg()
  const soft = logits.add(noise).div(tau).softmax(dim)
  if (!hard) return soft
  const best = soft.argmax(dim, true)
  return aten.zeros_like(logits).scatter_(dim, best, 1).sub(soft.detach()).add(soft)
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

/** torch.nn.functional.relu_ */
export const relu_ = (input: Tensor): Tensor => input.relu_()
/** torch.nn.functional.selu_ */
export const selu_ = (input: Tensor): Tensor => input.selu_()
/** torch.nn.functional.elu_ */
export const elu_ = (input: Tensor, alpha = 1): Tensor => input.elu_(alpha)
/** torch.nn.functional.celu_ */
export const celu_ = (input: Tensor, alpha = 1): Tensor => input.celu_(alpha)
/** torch.nn.functional.leaky_relu_ */
export const leaky_relu_ = (input: Tensor, slope = 0.01): Tensor => input.leaky_relu_(slope)
/** torch.nn.functional.hardtanh_ */
export const hardtanh_ = (input: Tensor, min = -1, max = 1): Tensor => input.hardtanh_(min, max)
/** torch.nn.functional.threshold_ */
export const threshold_ = (input: Tensor, least: number, value: number): Tensor =>
  input.threshold_(least, value)
/** torch.nn.functional.rrelu_ */
export const rrelu_ = (input: Tensor, lower = 1 / 8, upper = 1 / 3, training = false): Tensor =>
  input.rrelu_(lower, upper, training)
