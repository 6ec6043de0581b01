/** torch.optim.NAdam (Dozat, Incorporating Nesterov Momentum into Adam, 2016). */

import { float32 } from '../dtype.js'
import { operator } from '../operators.js'
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
import { biasCorrection, checkBetas, type MomentOptions, updateMoments } from './moments.js'
import { type ParamGroup, type Params, requireNotNegative } from './optimizer.js'

export interface NAdamOptions extends GradientOptions, MomentOptions {
  momentum_decay: number
  decoupled_weight_decay: boolean
  capturable: boolean
  differentiable: boolean
}

const ones = operator<(size: number[], options: object) => Tensor>('aten::ones')

/** torch.optim.NAdam: equal bit for bit to Python's loop over parameters on the CPU. */
export class NAdam extends GradientOptimizer<NAdamOptions> {
  /** Defaults: lr 2e-3, betas (0.9, 0.999), eps 1e-8, momentum decay 4e-3, no weight decay. */
  constructor(params: Params<NAdamOptions>, options: Partial<NAdamOptions> = {}) {
    super(
      params,
      {
        lr: 2e-3,
        betas: [0.9, 0.999],
        eps: 1e-8,
        weight_decay: 0,
        momentum_decay: 4e-3,
        decoupled_weight_decay: false,
        maximize: false,
        foreach: null,
        capturable: false,
        differentiable: false,
        ...options,
      },
      (group) => {
        requireNotNegative(group, {
          lr: 'learning rate',
          eps: 'epsilon value',
          momentum_decay: 'momentum_decay value',
        })
        checkBetas(group)
      },
    )
  }

  protected override initialState(param: Tensor, group: ParamGroup<NAdamOptions>): Record<string, Tensor> {
    return {
      step: newStep(param, group),
      mu_product: ones([], { dtype: float32 }),
      exp_avg: zerosLike(param),
      exp_avg_sq: zerosLike(param),
    }
  }

  protected override update(group: ParamGroup<NAdamOptions>, { params, grads, states, step }: Batch): void {
    const { lr, eps, betas, momentum_decay } = group
    const mu = betas[0] * (1 - 0.5 * 0.96 ** (step * momentum_decay))
    const muNext = betas[0] * (1 - 0.5 * 0.96 ** ((step + 1) * momentum_decay))
    const products = pick(states, 'mu_product')
    foreach.mul_(products, mu)
    const { exp_avgs, exp_avg_sqs } = updateMoments(group, grads, states)
    const denominators = foreach.div(exp_avg_sqs, biasCorrection(betas[1], step))
    foreach.sqrt_(denominators)
    foreach.add_(denominators, eps)
    // The product is rounded to float32 in the state, and may differ between parameters of one step after a load.
    params.forEach((param, i) => {
      const product = (products[i] as Tensor).item()
      const denominator = denominators[i] as Tensor
      param.addcdiv_(grads[i] as Tensor, denominator, { value: (-lr * (1 - mu)) / (1 - product) })
      param.addcdiv_(exp_avgs[i] as Tensor, denominator, { value: (-lr * muNext) / (1 - product * muNext) })
    })
  }
}
