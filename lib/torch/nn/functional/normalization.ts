/** torch.nn.functional: normalization whose Python form differs from the operator's. */

import { ArgumentError } from '../../../errors.js'
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
