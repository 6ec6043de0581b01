/** torch.nn: losses of predictions against targets. Their arguments are those of torch.nn.functional. */

import type { Tensor } from '../tensor.js'
import { named, type Rest } from './arguments.js'
import * as F from './functional/loss.js'
import * as margin from './functional/margin-loss.js'
import { type ReductionOption, reductionCode } from './functional/reduction.js'
import { Module } from './module.js'

abstract class Loss<Options extends object> extends Module<[input: Tensor, target: Tensor], Tensor> {
  protected readonly options: Options

  constructor(options: Options) {
    super()
    this.options = options
    const { reduction } = options as { reduction?: string }
    reductionCode(reduction === 'batchmean' ? 'sum' : reduction)
  }
}

/** Losses with weights register these as a buffer, so that they move with the module and lie in its state. */
abstract class WeightedLoss<Options extends F.BinaryOptions> extends Loss<Options> {
  declare weight: Tensor | null

  constructor(options: Options) {
    super(options)
    this.register_buffer('weight', options.weight ?? null)
  }

  protected get current(): Options {
    return { ...this.options, weight: this.weight }
  }
}

/** torch.nn.CrossEntropyLoss: logits (N, C, …) against classes int64 (N, …) or probabilities (N, C, …). */
export class CrossEntropyLoss extends WeightedLoss<F.CrossEntropyOptions> {
  constructor(...rest: Rest<F.CrossEntropyOptions, ['weight']>) {
    const keywords = ['ignore_index', 'reduction', 'label_smoothing'] as const
    super(named<F.CrossEntropyOptions>('CrossEntropyLoss', rest, ['weight'], keywords))
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.cross_entropy(input, target, this.current)
  }
}

/** torch.nn.NLLLoss: log-probabilities (N, C, …) against classes int64 (N, …). */
export class NLLLoss extends WeightedLoss<F.NllOptions> {
  constructor(...rest: Rest<F.NllOptions, ['weight']>) {
    super(named<F.NllOptions>('NLLLoss', rest, ['weight'], ['ignore_index', 'reduction']))
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.nll_loss(input, target, this.current)
  }
}

/** torch.nn.BCELoss: probabilities against targets of the same shape. */
export class BCELoss extends WeightedLoss<F.BinaryOptions> {
  constructor(...rest: Rest<F.BinaryOptions, ['weight']>) {
    super(named<F.BinaryOptions>('BCELoss', rest, ['weight'], ['reduction']))
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.binary_cross_entropy(input, target, this.current)
  }
}

/** torch.nn.BCEWithLogitsLoss: logits against targets of the same shape. */
export class BCEWithLogitsLoss extends WeightedLoss<F.BinaryLogitsOptions> {
  declare pos_weight: Tensor | null

  constructor(...rest: Rest<F.BinaryLogitsOptions, ['weight']>) {
    super(named<F.BinaryLogitsOptions>('BCEWithLogitsLoss', rest, ['weight'], ['reduction', 'pos_weight']))
    this.register_buffer('pos_weight', this.options.pos_weight ?? null)
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.binary_cross_entropy_with_logits(input, target, { ...this.current, pos_weight: this.pos_weight })
  }
}

/** torch.nn.MSELoss */
export class MSELoss extends Loss<ReductionOption> {
  constructor(options: ReductionOption = {}) {
    super(named<ReductionOption>('MSELoss', [options], [], ['reduction']))
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.mse_loss(input, target, this.options)
  }
}

/** torch.nn.L1Loss */
export class L1Loss extends Loss<ReductionOption> {
  constructor(options: ReductionOption = {}) {
    super(named<ReductionOption>('L1Loss', [options], [], ['reduction']))
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.l1_loss(input, target, this.options)
  }
}

/** torch.nn.SmoothL1Loss */
export class SmoothL1Loss extends Loss<F.SmoothL1Options> {
  constructor(options: F.SmoothL1Options = {}) {
    super(named<F.SmoothL1Options>('SmoothL1Loss', [options], [], ['reduction', 'beta']))
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.smooth_l1_loss(input, target, this.options)
  }
}

/** torch.nn.HuberLoss */
export class HuberLoss extends Loss<F.HuberOptions> {
  constructor(options: F.HuberOptions = {}) {
    super(named<F.HuberOptions>('HuberLoss', [options], [], ['reduction', 'delta']))
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.huber_loss(input, target, this.options)
  }
}

/** torch.nn.KLDivLoss: log-probabilities against probabilities. */
export class KLDivLoss extends Loss<F.KlOptions> {
  constructor(options: F.KlOptions = {}) {
    super(named<F.KlOptions>('KLDivLoss', [options], [], ['reduction', 'log_target']))
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.kl_div(input, target, this.options)
  }
}

/** torch.nn.SoftMarginLoss: scores against targets 1 or -1. */
export class SoftMarginLoss extends Loss<ReductionOption> {
  constructor(options: ReductionOption = {}) {
    super(named<ReductionOption>('SoftMarginLoss', [options], [], ['reduction']))
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return margin.soft_margin_loss(input, target, this.options)
  }
}

/** torch.nn.MultiLabelMarginLoss: scores (N, C) against classes int64 (N, C), ended by -1. */
export class MultiLabelMarginLoss extends Loss<ReductionOption> {
  constructor(options: ReductionOption = {}) {
    super(named<ReductionOption>('MultiLabelMarginLoss', [options], [], ['reduction']))
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return margin.multilabel_margin_loss(input, target, this.options)
  }
}

/** torch.nn.MultiMarginLoss: scores (N, C) against classes int64 (N). */
export class MultiMarginLoss extends WeightedLoss<margin.MultiMarginOptions> {
  constructor(...rest: Rest<margin.MultiMarginOptions, ['p', 'margin', 'weight']>) {
    const names = ['p', 'margin', 'weight'] as const
    super(named<margin.MultiMarginOptions>('MultiMarginLoss', rest, names, ['reduction']))
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return margin.multi_margin_loss(input, target, this.current)
  }
}

/** torch.nn.MultiLabelSoftMarginLoss: logits (N, C) against targets of the same shape, 0 to 1. */
export class MultiLabelSoftMarginLoss extends WeightedLoss<margin.MultilabelSoftOptions> {
  constructor(...rest: Rest<margin.MultilabelSoftOptions, ['weight']>) {
    super(named<margin.MultilabelSoftOptions>('MultiLabelSoftMarginLoss', rest, ['weight'], ['reduction']))
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return margin.multilabel_soft_margin_loss(input, target, this.current)
  }
}
