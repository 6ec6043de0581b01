/** torch.nn.functional: losses. All reduce by `mean` unless told otherwise. */

import { ShapeError } from '../../../errors.js'
import { broadcast_tensors } from '../../functions/spread.js'
import type { Tensor } from '../../tensor.js'
import { named, type Rest } from '../arguments.js'
import { aten } from '../aten.js'
import { type Reduction, type ReductionOption, reductionCode } from './reduction.js'

export interface CrossEntropyOptions extends ReductionOption {
  /** One weight per class. */
  weight?: Tensor | null
  /** Targets of this value count nothing, default -100. */
  ignore_index?: number
  /** Share of the target that is spread over all classes, 0 to 1. */
  label_smoothing?: number
}

/** torch.nn.functional.cross_entropy: logits (N, C, …) against classes int64 (N, …) or probabilities (N, C, …). */
export function cross_entropy(
  input: Tensor,
  target: Tensor,
  ...rest: Rest<CrossEntropyOptions, ['weight']>
): Tensor {
  const options = named<CrossEntropyOptions>(
    'cross_entropy',
    rest,
    ['weight'],
    ['ignore_index', 'reduction', 'label_smoothing'],
  )
  const { weight = null, ignore_index = -100, label_smoothing = 0 } = options
  const reduction = reductionCode(options.reduction)
  return aten.cross_entropy_loss(input, target, weight, reduction, ignore_index, label_smoothing)
}

export type NllOptions = Omit<CrossEntropyOptions, 'label_smoothing'>

/** torch.nn.functional.nll_loss: log-probabilities (N, C, …) against classes int64 (N, …). */
export function nll_loss(input: Tensor, target: Tensor, ...rest: Rest<NllOptions, ['weight']>): Tensor {
  const options = named<NllOptions>('nll_loss', rest, ['weight'], ['ignore_index', 'reduction'])
  const { weight = null, ignore_index = -100, reduction } = options
  return aten.nll_loss_nd(input, target, weight, reductionCode(reduction), ignore_index)
}

export interface BinaryOptions extends ReductionOption {
  /** Weights of the elements; broadcasts. */
  weight?: Tensor | null
}

/** torch.nn.functional.binary_cross_entropy: probabilities against targets of the same shape, 0 to 1. */
export function binary_cross_entropy(
  input: Tensor,
  target: Tensor,
  ...rest: Rest<BinaryOptions, ['weight']>
): Tensor {
  const { weight, reduction } = named<BinaryOptions>('binary_cross_entropy', rest, ['weight'], ['reduction'])
  sameShape(input, target)
  const weights = weight ? weight.expand(input.shape) : null
  return aten.binary_cross_entropy(input, target, weights, reductionCode(reduction))
}

export interface BinaryLogitsOptions extends BinaryOptions {
  /** Weight of the positive targets, by class. */
  pos_weight?: Tensor | null
}

/** torch.nn.functional.binary_cross_entropy_with_logits: logits against targets of the same shape, 0 to 1. */
export function binary_cross_entropy_with_logits(
  input: Tensor,
  target: Tensor,
  ...rest: Rest<BinaryLogitsOptions, ['weight']>
): Tensor {
  const options = named<BinaryLogitsOptions>(
    'binary_cross_entropy_with_logits',
    rest,
    ['weight'],
    ['reduction', 'pos_weight'],
  )
  sameShape(input, target)
  const { weight = null, pos_weight = null, reduction } = options
  return aten.binary_cross_entropy_with_logits(input, target, weight, pos_weight, reductionCode(reduction))
}

function sameShape(input: Tensor, target: Tensor): void {
  if (String(input.shape) !== String(target.shape)) {
    throw new ShapeError(`target (${target.shape}) must have the shape of the input (${input.shape})`)
  }
}

/** torch.nn.functional.mse_loss: squared differences. */
export function mse_loss(input: Tensor, target: Tensor, options: ReductionOption = {}): Tensor {
  const { reduction } = named<ReductionOption>('mse_loss', [options], [], ['reduction'])
  const [a, b] = broadcast_tensors([input, target]) as [Tensor, Tensor]
  return aten.mse_loss(a, b, reductionCode(reduction))
}

/** torch.nn.functional.l1_loss: absolute differences. */
export function l1_loss(input: Tensor, target: Tensor, options: ReductionOption = {}): Tensor {
  const { reduction } = named<ReductionOption>('l1_loss', [options], [], ['reduction'])
  const [a, b] = broadcast_tensors([input, target]) as [Tensor, Tensor]
  return aten.l1_loss(a, b, reductionCode(reduction))
}

export interface SmoothL1Options extends ReductionOption {
  /** Where squares become absolute values, default 1. */
  beta?: number
}

/** torch.nn.functional.smooth_l1_loss: squares below `beta`, absolute values above. */
export function smooth_l1_loss(input: Tensor, target: Tensor, options: SmoothL1Options = {}): Tensor {
  const { reduction, beta = 1 } = named<SmoothL1Options>(
    'smooth_l1_loss',
    [options],
    [],
    ['reduction', 'beta'],
  )
  const [a, b] = broadcast_tensors([input, target]) as [Tensor, Tensor]
  if (beta === 0) return aten.l1_loss(a, b, reductionCode(reduction))
  return aten.smooth_l1_loss(a, b, reductionCode(reduction), beta)
}

export interface HuberOptions extends ReductionOption {
  /** Default 1. */
  delta?: number
}

/** torch.nn.functional.huber_loss: `delta * smooth_l1_loss(beta = delta)`. */
export function huber_loss(input: Tensor, target: Tensor, options: HuberOptions = {}): Tensor {
  const { reduction, delta = 1 } = named<HuberOptions>('huber_loss', [options], [], ['reduction', 'delta'])
  const [a, b] = broadcast_tensors([input, target]) as [Tensor, Tensor]
  return aten.huber_loss(a, b, reductionCode(reduction), delta)
}

export interface KlOptions {
  /** Default mean; `batchmean` is the divergence per row of the batch, as mathematics defines it. */
  reduction?: Reduction | 'batchmean'
  /** The target holds logarithms, too. */
  log_target?: boolean
}

/** torch.nn.functional.kl_div: log-probabilities against probabilities. */
export function kl_div(input: Tensor, target: Tensor, options: KlOptions = {}): Tensor {
  const { reduction = 'mean', log_target } = named<KlOptions>(
    'kl_div',
    [options],
    [],
    ['reduction', 'log_target'],
  )
  const perBatch = reduction === 'batchmean' && input.ndim > 0
  const sum = aten.kl_div(input, target, reductionCode(reduction === 'batchmean' ? 'sum' : reduction), {
    log_target: log_target ?? false,
  })
  return perBatch ? sum.div(input.size(0)) : sum
}
