/** torch.optim.RMSprop (Hinton's lecture 6e; centered: Graves, Generating Sequences, 2013). */

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
import { type ParamGroup, type Params, requireNotNegative } from './optimizer.js'

export interface RMSpropOptions extends GradientOptions {
  momentum: number
  /** Decay of the mean square. */
  alpha: number
  eps: number
  /** Divide by the estimated variance instead of the mean square. */
  centered: boolean
  capturable: boolean
  differentiable: boolean
}

/** torch.optim.RMSprop: equal bit for bit to Python's on the CPU. */
export class RMSprop extends GradientOptimizer<RMSpropOptions> {
  /** Defaults: lr 1e-2, alpha 0.99, eps 1e-8, everything else 0. */
  constructor(params: Params<RMSpropOptions>, options: Partial<RMSpropOptions> = {}) {
    super(
      params,
      {
        lr: 1e-2,
        momentum: 0,
        alpha: 0.99,
        eps: 1e-8,
        centered: false,
        weight_decay: 0,
        capturable: false,
        foreach: null,
        maximize: false,
        differentiable: false,
        ...options,
      },
      (group) =>
        requireNotNegative(group, {
          lr: 'learning rate',
          eps: 'epsilon value',
          momentum: 'momentum value',
          alpha: 'alpha value',
        }),
    )
  }

  protected override initialState(param: Tensor, group: ParamGroup<RMSpropOptions>): Record<string, Tensor> {
    return {
      step: newStep(param, group),
      square_avg: zerosLike(param),
      ...(group.momentum > 0 ? { momentum_buffer: zerosLike(param) } : {}),
      ...(group.centered ? { grad_avg: zerosLike(param) } : {}),
    }
  }

  protected override update(group: ParamGroup<RMSpropOptions>, { params, grads, states }: Batch): void {
    const { lr, alpha, eps, momentum } = group
    const square_avgs = pick(states, 'square_avg')
    foreach.mul_(square_avgs, alpha)
    foreach.addcmul_(square_avgs, grads, grads, { value: 1 - alpha })
    let averages: Tensor[]
    if (group.centered) {
      const grad_avgs = pick(states, 'grad_avg')
      foreach.lerp_(grad_avgs, grads, 1 - alpha)
      averages = foreach.addcmul(square_avgs, grad_avgs, grad_avgs, { value: -1 })
      foreach.sqrt_(averages)
    } else {
      averages = foreach.sqrt(square_avgs)
    }
    foreach.add_(averages, eps)
    if (momentum > 0) {
      const buffers = pick(states, 'momentum_buffer')
      foreach.mul_(buffers, momentum)
      foreach.addcdiv_(buffers, grads, averages)
      foreach.add_(params, buffers, { alpha: -lr })
    } else {
      foreach.addcdiv_(params, grads, averages, { value: -lr })
    }
  }
}
