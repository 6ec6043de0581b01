/** torch.nn.functional: normalization whose Python form differs from the operator's. */

import { ArgumentError, ShapeError } from '../../../errors.js'
import type { Tensor } from '../../tensor.js'
import { named, type Rest } from '../arguments.js'
import { aten } from '../aten.js'

export interface BatchNormOptions {
  weight?: Tensor | null
  bias?: Tensor | null
  /** Use and record the batch's statistics; default false: the running ones. */
  training?: boolean
  /** Share of the batch in the running statistics, default 0.1. */
  momentum?: number
  /** Default 1e-5. */
  eps?: number
}

/** torch.nn.functional.batch_norm over dimension 1 of (N, C, …). */
export function batch_norm(
  input: Tensor,
  running_mean: Tensor | null,
  running_var: Tensor | null,
  ...rest: Rest<BatchNormOptions, ['weight', 'bias', 'training', 'momentum', 'eps']>
): Tensor {
  const options = named<BatchNormOptions>('batch_norm', rest, [
    'weight',
    'bias',
    'training',
    'momentum',
    'eps',
  ])
  const { weight = null, bias = null, training = false, momentum = 0.1, eps = 1e-5 } = options
  if (training && input.numel() === input.size(1)) {
    throw new ArgumentError(
      `expected more than 1 value per channel when training, got an input of size (${input.shape})`,
      { hint: 'use a larger batch, or eval()' },
    )
  }
  return aten.batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps, true)
}

export interface NormalizeOptions {
  /** Order of the norm, default 2. */
  p?: number
  /** Default 1. */
  dim?: number
  /** Least norm that is divided by, default 1e-12. */
  eps?: number
}

/** torch.nn.functional.normalize: scales vectors along `dim` to norm 1. */
export function normalize(input: Tensor, ...rest: Rest<NormalizeOptions, ['p', 'dim', 'eps']>): Tensor {
  const { p = 2, dim = 1, eps = 1e-12 } = named<NormalizeOptions>('normalize', rest, ['p', 'dim', 'eps'])
  return input.div(input.norm(p, dim, true).clamp_min(eps).expand_as(input))
}

export interface InstanceNormOptions {
  running_mean?: Tensor | null
  running_var?: Tensor | null
  /** (C) */
  weight?: Tensor | null
  /** (C) */
  bias?: Tensor | null
  /** Default true: the statistics of each example and channel, and not the running ones. */
  use_input_stats?: boolean
  /** Default 0.1. */
  momentum?: number
  /** Default 1e-5. */
  eps?: number
}
const instanceNames = [
  'running_mean',
  'running_var',
  'weight',
  'bias',
  'use_input_stats',
  'momentum',
  'eps',
] as const

/** torch.nn.functional.instance_norm: normalizes each channel of each example, (N, C, …). */
export function instance_norm(
  input: Tensor,
  ...rest: Rest<InstanceNormOptions, [...typeof instanceNames]>
): Tensor {
  const options = named<InstanceNormOptions>('instance_norm', rest, instanceNames)
  const { weight = null, bias = null, running_mean = null, running_var = null } = options
  const { use_input_stats = true, momentum = 0.1, eps = 1e-5 } = options
  const elements = input.shape.slice(2).reduce((product, size) => product * size, 1)
  if (use_input_stats && elements === 1) {
    throw new ShapeError(`instance_norm expects more than 1 spatial element, got input size (${input.shape})`)
  }
  // The last argument asks for cuDNN where there is one, as PyTorch does by default.
  return aten.instance_norm(
    input,
    weight,
    bias,
    running_mean,
    running_var,
    use_input_stats,
    momentum,
    eps,
    true,
  )
}

export interface LocalResponseOptions {
  /** Default 1e-4. */
  alpha?: number
  /** Default 0.75. */
  beta?: number
  /** Default 1. */
  k?: number
}

/** torch.nn.functional.local_response_norm: divides by the squares of `size` neighbouring channels, (N, C, …). */
export function local_response_norm(
  input: Tensor,
  size: number,
  ...rest: Rest<LocalResponseOptions, ['alpha', 'beta', 'k']>
): Tensor {
  const names = ['alpha', 'beta', 'k'] as const
  const { alpha = 1e-4, beta = 0.75, k = 1 } = named<LocalResponseOptions>('local_response_norm', rest, names)
  if (input.ndim < 3) {
    throw new ShapeError(`local_response_norm takes 3 dimensions or more, found ${input.ndim}`)
  }
  if (input.numel() === 0) return input
  const [batch, channels] = input.shape as [number, number]
  const ends = [Math.floor(size / 2), Math.floor((size - 1) / 2)]
  const squares = input.mul(input).reshape([batch, 1, channels, -1]) // (N, 1, C, …)
  const means = aten.avg_pool2d(aten.pad(squares, [0, 0, ...ends]), [size, 1], 1).reshape(input.shape)
  return input.div(means.mul(alpha).add(k).pow(beta))
}
