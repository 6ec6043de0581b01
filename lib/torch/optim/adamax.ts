/** torch.optim.Adamax: Adam with the infinity norm (Kingma and Ba, 2015, section 7.1). */

import type { Tensor } from '../tensor.js'
import * as foreach from './foreach.js'
import {
  type Batch,
  GradientOptimizer,
  type GradientOptions,
  newStep,
  pick,
  zerosLike,
} from './gradient-optimizer.js'
import { biasCorrection, checkBetas, type MomentOptions } from './moments.js'
import { type ParamGroup, type Params, requireNotNegative } from './optimizer.js'

export interface AdamaxOptions extends GradientOptions, MomentOptions {
  differentiable: boolean
  capturable: boolean
}

/** torch.optim.Adamax: equal bit for bit to Python's on the CPU. */
export class Adamax extends GradientOptimizer<AdamaxOptions> {
  /** Defaults: lr 2e-3, betas (0.9, 0.999), eps 1e-8, no weight decay. */
  constructor(params: Params<AdamaxOptions>, options: Partial<AdamaxOptions> = {}) {
    super(
      params,
      {
        lr: 2e-3,
        betas: [0.9, 0.999],
        eps: 1e-8,
        weight_decay: 0,
        foreach: null,
        maximize: false,
        differentiable: false,
        capturable: false,
        ...options,
      },
      (group) => {
        requireNotNegative(group, { lr: 'learning rate', eps: 'epsilon value' })
        checkBetas(group)
      },
    )
  }

  protected override initialState(param: Tensor, group: ParamGroup<AdamaxOptions>): Record<string, Tensor> {
    return { step: newStep(param, group), exp_avg: zerosLike(param), exp_inf: zerosLike(param) }
  }

  protected override update(group: ParamGroup<AdamaxOptions>, { params, grads, states, step }: Batch): void {
    const [beta1, beta2] = group.betas
    const exp_avgs = pick(states, 'exp_avg')
    const exp_infs = pick(states, 'exp_inf')
    foreach.lerp_(exp_avgs, grads, 1 - beta1)
    foreach.mul_(exp_infs, beta2)
    const sizes = foreach.abs(grads)
    foreach.add_(sizes, group.eps)
    foreach.maximum_(exp_infs, sizes)
    foreach.addcdiv_(params, exp_avgs, exp_infs, { value: -(group.lr / biasCorrection(beta1, step)) })
  }
}
