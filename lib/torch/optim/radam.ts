/** torch.optim.RAdam (Liu et al., On the Variance of the Adaptive Learning Rate and Beyond, 2020). */

import type { Tensor } from '../tensor.js'
import * as foreach from './foreach.js'
import {
  type Batch,
  GradientOptimizer,
  type GradientOptions,
  newStep,
  zerosLike,
} from './gradient-optimizer.js'
import { biasCorrection, checkBetas, type MomentOptions, updateMoments } from './moments.js'
import { type ParamGroup, type Params, requireNotNegative } from './optimizer.js'

export interface RAdamOptions extends GradientOptions, MomentOptions {
  decoupled_weight_decay: boolean
  capturable: boolean
  differentiable: boolean
}

/** torch.optim.RAdam: equal bit for bit to Python's loop over parameters on the CPU. */
export class RAdam extends GradientOptimizer<RAdamOptions> {
  /** Defaults: lr 1e-3, betas (0.9, 0.999), eps 1e-8, no weight decay. */
  constructor(params: Params<RAdamOptions>, options: Partial<RAdamOptions> = {}) {
    super(
      params,
      {
        lr: 1e-3,
        betas: [0.9, 0.999],
        eps: 1e-8,
        weight_decay: 0,
        maximize: false,
        foreach: null,
        capturable: false,
        decoupled_weight_decay: false,
        differentiable: false,
        ...options,
      },
      (group) => {
        requireNotNegative(group, { lr: 'learning rate', eps: 'epsilon value' })
        checkBetas(group)
      },
    )
  }

  protected override initialState(param: Tensor, group: ParamGroup<RAdamOptions>): Record<string, Tensor> {
    return { step: newStep(param, group), exp_avg: zerosLike(param), exp_avg_sq: zerosLike(param) }
  }

  protected override update(group: ParamGroup<RAdamOptions>, { params, grads, states, step }: Batch): void {
    const [beta1, beta2] = group.betas
    const { exp_avgs, exp_avg_sqs } = updateMoments(group, grads, states)
    const correction2 = biasCorrection(beta2, step)
    const updates = foreach.div(exp_avgs, biasCorrection(beta1, step))
    foreach.mul_(updates, group.lr)
    const rhoInfinite = 2 / (1 - beta2) - 1
    const rho = rhoInfinite - (2 * step * beta2 ** step) / correction2
    if (rho > 5) {
      // Only now is the variance of the adaptive rate known well enough.
      const rates = foreach.sqrt(exp_avg_sqs)
      foreach.add_(rates, group.eps)
      foreach.reciprocal_(rates)
      foreach.mul_(rates, correction2 ** 0.5)
      foreach.mul_(updates, rates)
      foreach.mul_(
        updates,
        (((rho - 4) * (rho - 2) * rhoInfinite) / ((rhoInfinite - 4) * (rhoInfinite - 2) * rho)) ** 0.5,
      )
    }
    foreach.add_(params, updates, { alpha: -1 })
  }
}
