/** torch.optim.SGD: gradient descent, with momentum or Nesterov's. */

import { ArgumentError } from '../../errors.js'
import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'
import * as foreach from './foreach.js'
import { type Batch, GradientOptimizer, type GradientOptions, pick } from './gradient-optimizer.js'
import { type ParamGroup, type Params, requireNotNegative } from './optimizer.js'

export interface SGDOptions extends GradientOptions {
  momentum: number
  dampening: number
  nesterov: boolean
  differentiable: boolean
  fused: boolean | null
}

type FusedOptions = Pick<
  SGDOptions,
  'lr' | 'momentum' | 'dampening' | 'nesterov' | 'weight_decay' | 'maximize'
> & { is_first_step: boolean }

const fusedSgd =
  operator<(params: Tensor[], grads: Tensor[], momentum_buffers: Tensor[], options: FusedOptions) => void>(
    'aten::_fused_sgd_',
  )
const emptyLike = operator<(tensor: Tensor) => Tensor>('aten::empty_like')

/** torch.optim.SGD: equal bit for bit to Python's on the CPU, with and without `fused`. */
export class SGD extends GradientOptimizer<SGDOptions> {
  /** Defaults: lr 1e-3, everything else 0. */
  constructor(params: Params<SGDOptions>, options: Partial<SGDOptions> = {}) {
    super(
      params,
      {
        lr: 1e-3,
        momentum: 0,
        dampening: 0,
        weight_decay: 0,
        nesterov: false,
        maximize: false,
        foreach: null,
        differentiable: false,
        fused: null,
        ...options,
      },
      (group) => {
        requireNotNegative(group, { lr: 'learning rate', momentum: 'momentum value' })
        if (group.nesterov && (group.momentum <= 0 || group.dampening !== 0)) {
          throw new ArgumentError('Nesterov momentum requires a momentum and zero dampening', {
            hint: `momentum is ${group.momentum}, dampening ${group.dampening}`,
          })
        }
      },
    )
  }

  protected override initialState(): Record<string, Tensor> {
    return {}
  }

  protected override update(group: ParamGroup<SGDOptions>, { params, grads, states }: Batch): void {
    let directions = grads
    if (group.momentum !== 0) {
      // Before its first step a parameter has no buffer: the gradient itself is the first, undamped.
      const old = states.flatMap((state, i) => (state.momentum_buffer ? [i] : []))
      const of = <T>(list: readonly T[]) => old.map((i) => list[i] as T)
      if (old.length > 0) {
        const buffers = pick(of(states), 'momentum_buffer')
        foreach.mul_(buffers, group.momentum)
        foreach.add_(buffers, of(grads), { alpha: 1 - group.dampening })
      }
      states.forEach((state, i) => {
        state.momentum_buffer ??= (grads[i] as Tensor).detach().clone()
      })
      const buffers = pick(states, 'momentum_buffer')
      directions = group.nesterov ? foreach.add(grads, buffers, { alpha: group.momentum }) : buffers
    }
    foreach.add_(params, directions, { alpha: -group.lr })
  }

  protected override updateFused(group: ParamGroup<SGDOptions>, batch: Batch): void {
    const { lr, momentum, dampening, nesterov, weight_decay, maximize } = group
    const run = (chosen: readonly number[], is_first_step: boolean) => {
      if (chosen.length === 0) return
      const of = <T>(list: readonly T[]) => chosen.map((i) => list[i] as T)
      const buffers = momentum === 0 ? [] : pick(of(batch.states), 'momentum_buffer')
      const options = { lr, momentum, dampening, nesterov, weight_decay, maximize, is_first_step }
      fusedSgd(of(batch.params), of(batch.grads), buffers, options)
    }
    const all = [...batch.params.keys()]
    const isNew = all.map((i) => momentum !== 0 && !batch.states[i]?.momentum_buffer)
    // The kernel writes first buffers whole: parameters that join later must not share a call with the others.
    for (const i of all) {
      if (isNew[i])
        (batch.states[i] as Record<string, Tensor>).momentum_buffer = emptyLike(batch.grads[i] as Tensor)
    }
    run(
      all.filter((i) => isNew[i]),
      true,
    )
    run(
      all.filter((i) => !isNew[i]),
      false,
    )
  }
}
