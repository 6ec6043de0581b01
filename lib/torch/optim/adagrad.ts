/** torch.optim.Adagrad (Duchi et al., Adaptive Subgradient Methods, 2011). */

import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'
import * as foreach from './foreach.js'
import { type Batch, GradientOptimizer, type GradientOptions, newStep, pick } from './gradient-optimizer.js'
import { type ParamGroup, type Params, requireNotNegative } from './optimizer.js'

export interface AdagradOptions extends GradientOptions {
  lr_decay: number
  eps: number
  /** What the sums of squares start from. */
  initial_accumulator_value: number
  differentiable: boolean
  fused: boolean | null
}

type FusedOptions = Pick<AdagradOptions, 'lr' | 'lr_decay' | 'weight_decay' | 'eps' | 'maximize'>

const fusedAdagrad =
  operator<
    (params: Tensor[], grads: Tensor[], sums: Tensor[], steps: Tensor[], options: FusedOptions) => void
  >('aten::_fused_adagrad_')
const fullLike = operator<(tensor: Tensor, value: number) => Tensor>('aten::full_like')

/** torch.optim.Adagrad, for dense gradients: equal bit for bit to Python's on the CPU, with and without `fused`. */
export class Adagrad extends GradientOptimizer<AdagradOptions> {
  /** Defaults: lr 1e-2, eps 1e-10, everything else 0. */
  constructor(params: Params<AdagradOptions>, options: Partial<AdagradOptions> = {}) {
    super(
      params,
      {
        lr: 1e-2,
        lr_decay: 0,
        eps: 1e-10,
        weight_decay: 0,
        initial_accumulator_value: 0,
        foreach: null,
        maximize: false,
        differentiable: false,
        fused: null,
        ...options,
      },
      (group) =>
        requireNotNegative(group, {
          lr: 'learning rate',
          lr_decay: 'lr_decay value',
          initial_accumulator_value: 'initial_accumulator_value value',
          eps: 'epsilon value',
        }),
    )
    // As in Python, the state is there before the first step.
    for (const group of this.param_groups) {
      for (const param of group.params) this.state.set(param, this.initialState(param, group))
    }
  }

  protected override initialState(param: Tensor, group: ParamGroup<AdagradOptions>): Record<string, Tensor> {
    return {
      step: newStep(param, group),
      sum: fullLike(param, this.defaults.initial_accumulator_value),
    }
  }

  protected override update(group: ParamGroup<AdagradOptions>, { params, grads, states, step }: Batch): void {
    const sums = pick(states, 'sum')
    foreach.addcmul_(sums, grads, grads, { value: 1 })
    const deviations = foreach.sqrt(sums)
    foreach.add_(deviations, group.eps)
    foreach.addcdiv_(params, grads, deviations, { value: -(group.lr / (1 + (step - 1) * group.lr_decay)) })
  }

  protected override updateFused(group: ParamGroup<AdagradOptions>, { params, grads, states }: Batch): void {
    const { lr, lr_decay, weight_decay, eps, maximize } = group
    fusedAdagrad(params, grads, pick(states, 'sum'), pick(states, 'step'), {
      lr,
      lr_decay,
      weight_decay,
      eps,
      maximize,
    })
  }
}
