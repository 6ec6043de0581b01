/** torch.optim.AdamW (Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019). */

import { float32 } from '../dtype.js'
import { no_grad } from '../modes.js'
import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'
import { Optimizer, type ParameterState, type ParamGroup, type Params, requireOption } from './optimizer.js'

export interface AdamWOptions {
  /** Learning rate; default 1e-3. */
  lr: number
  /** Decay of the running means of the gradient and its square; default [0.9, 0.999]. */
  betas: readonly [number, number]
  /** Added to the denominator; default 1e-8. */
  eps: number
  /** Default 0.01. */
  weight_decay: number
  amsgrad: boolean
  maximize: boolean
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

const fusedAdamW =
  operator<
    (
      params: Tensor[],
      grads: Tensor[],
      exp_avgs: Tensor[],
      exp_avg_sqs: Tensor[],
      max_exp_avg_sqs: Tensor[],
      state_steps: Tensor[],
      options: FusedOptions,
    ) => void
  >('aten::_fused_adamw_')
const foreachAdd = operator<(tensors: Tensor[], value: number) => void>('aten::_foreach_add_')
const zerosLike = operator<(tensor: Tensor, options?: object) => Tensor>('aten::zeros_like')
const zeros = operator<(size: number[], options: object) => Tensor>('aten::zeros')

/**
 * AdamW by LibTorch's fused kernel: equal bit for bit to Python's `AdamW(params, fused=True)`, three to six times
 * faster than Python's default on the CPU (a loop over parameters, which rounds differently).
 */
export class AdamW extends Optimizer<AdamWOptions> {
  constructor(params: Params<AdamWOptions>, options: Partial<AdamWOptions> = {}) {
    super(params, {
      lr: 1e-3,
      betas: [0.9, 0.999],
      eps: 1e-8,
      weight_decay: 0.01,
      amsgrad: false,
      maximize: false,
      ...options,
    })
    for (const group of this.param_groups) {
      requireOption(group.lr >= 0, 'learning rate', group.lr)
      requireOption(group.eps >= 0, 'epsilon value', group.eps)
      requireOption(group.betas[0] >= 0 && group.betas[0] < 1, 'beta parameter at index 0', group.betas[0])
      requireOption(group.betas[1] >= 0 && group.betas[1] < 1, 'beta parameter at index 1', group.betas[1])
      requireOption(group.weight_decay >= 0, 'weight_decay value', group.weight_decay)
    }
  }

  step(): void {
    no_grad(() => {
      for (const group of this.param_groups) this.#update(group)
    })
  }

  #update(group: ParamGroup<AdamWOptions>): void {
    const params: Tensor[] = []
    const grads: Tensor[] = []
    for (const param of group.params) {
      const { grad } = param
      if (grad === null) continue
      params.push(param)
      grads.push(grad)
    }
    if (params.length === 0) return
    const states = params.map((param) => this.#stateOf(param, group.amsgrad))
    const steps = states.map((state) => state.step as Tensor)
    foreachAdd(steps, 1)
    fusedAdamW(
      params,
      grads,
      states.map((state) => state.exp_avg as Tensor),
      states.map((state) => state.exp_avg_sq as Tensor),
      group.amsgrad ? states.map((state) => state.max_exp_avg_sq as Tensor) : [],
      steps,
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

  #stateOf(param: Tensor, amsgrad: boolean): ParameterState {
    let state = this.state.get(param)
    if (!state) {
      state = {
        step: zeros([], { dtype: float32, device: param.device }),
        exp_avg: zerosLike(param),
        exp_avg_sq: zerosLike(param),
      }
      if (amsgrad) state.max_exp_avg_sq = zerosLike(param)
      this.state.set(param, state)
    }
    return state
  }
}
