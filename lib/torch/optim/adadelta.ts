/** torch.optim.Adadelta (Zeiler, ADADELTA: An Adaptive Learning Rate Method, 2012). */

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
import { type ParamGroup, type Params, requireNotNegative, requireOption } from './optimizer.js'

export interface AdadeltaOptions extends GradientOptions {
  /** Decay of the mean squares of gradients and of updates. */
  rho: number
  /** Added under the roots. */
  eps: number
  capturable: boolean
  differentiable: boolean
}

/** torch.optim.Adadelta: equal bit for bit to Python's on the CPU. */
export class Adadelta extends GradientOptimizer<AdadeltaOptions> {
  /** Defaults: lr 1, rho 0.9, eps 1e-6, no weight decay. */
  constructor(params: Params<AdadeltaOptions>, options: Partial<AdadeltaOptions> = {}) {
    super(
      params,
      {
        lr: 1,
        rho: 0.9,
        eps: 1e-6,
        weight_decay: 0,
        maximize: false,
        capturable: false,
        foreach: null,
        differentiable: false,
        ...options,
      },
      (group) => {
        requireNotNegative(group, { lr: 'learning rate', eps: 'epsilon value' })
        requireOption(group.rho >= 0 && group.rho <= 1, 'rho value', group.rho)
      },
    )
  }

  protected override initialState(param: Tensor, group: ParamGroup<AdadeltaOptions>): Record<string, Tensor> {
    return { step: newStep(param, group), square_avg: zerosLike(param), acc_delta: zerosLike(param) }
  }

  protected override update(group: ParamGroup<AdadeltaOptions>, { params, grads, states }: Batch): void {
    const { lr, rho, eps } = group
    const square_avgs = pick(states, 'square_avg')
    const acc_deltas = pick(states, 'acc_delta')
    foreach.mul_(square_avgs, rho)
    foreach.addcmul_(square_avgs, grads, grads, { value: 1 - rho })
    const roots = foreach.add(square_avgs, eps)
    foreach.sqrt_(roots)
    const deltas = foreach.add(acc_deltas, eps)
    foreach.sqrt_(deltas)
    foreach.div_(deltas, roots)
    foreach.mul_(deltas, grads)
    foreach.mul_(acc_deltas, rho)
    foreach.addcmul_(acc_deltas, deltas, deltas, { value: 1 - rho })
    foreach.add_(params, deltas, { alpha: -lr })
  }
}
