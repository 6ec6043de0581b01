/** torch.optim.Adam (Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015). */

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

/** Options of Adam and AdamW. */
export interface AdamOptions extends GradientOptions, MomentOptions {
  /** Keep the largest mean square so far (Reddi et al., On the Convergence of Adam and Beyond). */
  amsgrad: boolean
  capturable: boolean
  differentiable: boolean
  fused: boolean | null
  decoupled_weight_decay: boolean
}

interface FusedOptions {
  lr: number
  beta1: number
  beta2: number
  weight_decay: number
  eps: number
  amsgrad: boolean
  maximize: boolean
}

type FusedKernel = (
  params: Tensor[],
  grads: Tensor[],
  exp_avgs: Tensor[],
  exp_avg_sqs: Tensor[],
  max_exp_avg_sqs: Tensor[],
  state_steps: Tensor[],
  options: FusedOptions,
) => void

const fusedAdam = operator<FusedKernel>('aten::_fused_adam_')
const fusedAdamW = operator<FusedKernel>('aten::_fused_adamw_')

/** torch.optim.Adam: equal bit for bit to Python's on the CPU, with and without `fused`. */
export class Adam extends GradientOptimizer<AdamOptions> {
  /** Defaults: lr 1e-3, betas (0.9, 0.999), eps 1e-8, no weight decay. */
  constructor(params: Params<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super(
      params,
      {
        lr: 1e-3,
        betas: [0.9, 0.999],
        eps: 1e-8,
        weight_decay: 0,
        amsgrad: false,
        maximize: false,
        foreach: null,
        capturable: false,
        differentiable: false,
        fused: null,
        decoupled_weight_decay: false,
        ...options,
      },
      (group) => {
        requireNotNegative(group, { lr: 'learning rate', eps: 'epsilon value' })
        checkBetas(group)
      },
    )
  }

  protected override initialState(param: Tensor, group: ParamGroup<AdamOptions>): Record<string, Tensor> {
    return {
      step: newStep(param, group),
      exp_avg: zerosLike(param),
      exp_avg_sq: zerosLike(param),
      ...(group.amsgrad ? { max_exp_avg_sq: zerosLike(param) } : {}),
    }
  }

  protected override update(group: ParamGroup<AdamOptions>, { params, grads, states, step }: Batch): void {
    const { exp_avgs, exp_avg_sqs } = updateMoments(group, grads, states)
    let squares = exp_avg_sqs
    if (group.amsgrad) {
      squares = pick(states, 'max_exp_avg_sq')
      foreach.maximum_(squares, exp_avg_sqs)
    }
    const denominators = foreach.sqrt(squares)
    foreach.div_(denominators, biasCorrection(group.betas[1], step) ** 0.5)
    foreach.add_(denominators, group.eps)
    foreach.addcdiv_(params, exp_avgs, denominators, {
      value: -(group.lr / biasCorrection(group.betas[0], step)),
    })
  }

  protected override updateFused(group: ParamGroup<AdamOptions>, { params, grads, states }: Batch): void {
    const kernel = group.decoupled_weight_decay ? fusedAdamW : fusedAdam
    kernel(
      params,
      grads,
      pick(states, 'exp_avg'),
      pick(states, 'exp_avg_sq'),
      group.amsgrad ? pick(states, 'max_exp_avg_sq') : [],
      pick(states, 'step'),
      {
        lr: group.lr,
        beta1: group.betas[0],
        beta2: group.betas[1],
        weight_decay: group.weight_decay,
        eps: group.eps,
        amsgrad: group.amsgrad,
        maximize: group.maximize,
      },
    )
  }
}
