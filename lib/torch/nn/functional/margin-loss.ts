/** torch.nn.functional: losses that ask scores to be apart by a margin, with one or several right classes. */

import type { Tensor } from '../../tensor.js'
import { named, type Rest } from '../arguments.js'
import { aten } from '../aten.js'
import { logsigmoid } from './activation.js'
import { type ReductionOption, reduced, reductionCode } from './reduction.js'

/** torch.nn.functional.soft_margin_loss: `log(1 + exp(-target * input))`, targets 1 or -1. */
export function soft_margin_loss(input: Tensor, target: Tensor, options: ReductionOption = {}): Tensor {
  const { reduction } = named<ReductionOption>('soft_margin_loss', [options], [], ['reduction'])
  return aten.soft_margin_loss(input, target, reductionCode(reduction))
}

export interface MultiMarginOptions extends ReductionOption {
  /** 1 (default) or 2. */
  p?: number
  /** Default 1. */
  margin?: number
  /** One weight per class. */
  weight?: Tensor | null
}
const multiMarginNames = ['p', 'margin', 'weight'] as const

/** torch.nn.functional.multi_margin_loss: scores (N, C) or (C) against classes int64 (N). */
export function multi_margin_loss(
  input: Tensor,
  target: Tensor,
  ...rest: Rest<MultiMarginOptions, [...typeof multiMarginNames]>
): Tensor {
  const options = named<MultiMarginOptions>('multi_margin_loss', rest, multiMarginNames, ['reduction'])
  const { p = 1, margin = 1, weight = null, reduction } = options
  return aten.multi_margin_loss(input, target, p, margin, weight, reductionCode(reduction))
}

/** torch.nn.functional.multilabel_margin_loss: scores (N, C) or (C) against classes int64 (N, C), ended by -1. */
export function multilabel_margin_loss(input: Tensor, target: Tensor, options: ReductionOption = {}): Tensor {
  const { reduction } = named<ReductionOption>('multilabel_margin_loss', [options], [], ['reduction'])
  return aten.multilabel_margin_loss(input, target, reductionCode(reduction))
}

export interface MultilabelSoftOptions extends ReductionOption {
  /** One weight per class. */
  weight?: Tensor | null
}

/** torch.nn.functional.multilabel_soft_margin_loss: logits (N, C) against targets of the same shape, 0 to 1. */
export function multilabel_soft_margin_loss(
  input: Tensor,
  target: Tensor,
  ...rest: Rest<MultilabelSoftOptions, ['weight']>
): Tensor {
  const options = named<MultilabelSoftOptions>('multilabel_soft_margin_loss', rest, ['weight'], ['reduction'])
  const { weight = null, reduction } = options
  const present = target.mul(logsigmoid(input))
  const absent = target.neg().add(1).mul(logsigmoid(input.neg()))
  const loss = present.add(absent).neg()
  return reduced((weight ? loss.mul(weight) : loss).sum(-1).div(input.size(-1)), reduction)
}
