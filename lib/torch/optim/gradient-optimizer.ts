/** Optimizers whose update of a parameter depends on that parameter and its gradient alone. */

import { ArgumentError, CheckpointError } from '../../errors.js'
import { float32 } from '../dtype.js'
import { enable_grad, no_grad, scope } from '../modes.js'
import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'
import * as foreach from './foreach.js'
import { Optimizer, type ParamGroup, type Params } from './optimizer.js'

/** Options that these optimizers share. */
export interface UpdateOptions {
  lr: number
  /** L2 penalty, or with `decoupled_weight_decay` the factor by which parameters shrink. */
  weight_decay?: number
  decoupled_weight_decay?: boolean
  /** Ascend instead of descend. */
  maximize: boolean
  /** Update all parameters by operators over lists, which takes more memory; default: on CUDA only. */
  foreach: boolean | null
  /** Update all parameters by one kernel. */
  fused?: boolean | null
  /** PyTorch's; only `false` is supported here. */
  capturable?: boolean
  /** PyTorch's; only `false` is supported here. */
  differentiable?: boolean
}

/** Options of those that have weight decay. */
export interface GradientOptions extends UpdateOptions {
  weight_decay: number
}

/** Parameters that are updated together. */
export interface Batch {
  params: Tensor[]
  /** Negated when maximizing, and with the L2 penalty added. */
  grads: Tensor[]
  states: Record<string, Tensor>[]
  /** Updates of these parameters so far, this one included; 0 where the optimizer does not count. */
  step: number
}

const zerosLike = operator<(tensor: Tensor) => Tensor>('aten::zeros_like')
const zeros = operator<(size: number[], options: object) => Tensor>('aten::zeros')

const fullLike = operator<(tensor: Tensor, value: number, options?: object) => Tensor>('aten::full_like')

/** Zeros, or another number, of a tensor's shape, dtype, device and layout. */
export { fullLike, zerosLike }

/** A counter as PyTorch keeps it: float32, beside the parameter only for fused kernels. */
export const newStep = (param: Tensor, group: object): Tensor =>
  zeros([], { dtype: float32, device: 'fused' in group && group.fused ? param.device : 'cpu' })

/** One tensor of each parameter's state. */
export function pick(states: readonly Record<string, Tensor>[], name: string): Tensor[] {
  return states.map((state) => {
    const value = state[name]
    if (value) return value
    throw new CheckpointError(
      `the optimizer's state has no '${name}', only ${Object.keys(state).join(', ')}`,
      {
        hint: 'load a state that was saved with the same options, or start with a new optimizer',
      },
    )
  })
}

export abstract class GradientOptimizer<Options extends UpdateOptions> extends Optimizer<Options> {
  protected constructor(params: Params<Options>, defaults: Options, check: (group: Options) => void) {
    super(params, defaults, (group) => {
      for (const name of ['capturable', 'differentiable'] as const) {
        if (group[name])
          throw new ArgumentError(`${name}: true is not supported`, { hint: `leave ${name} out` })
      }
      if (group.fused && group.foreach) {
        throw new ArgumentError('`fused` and `foreach` cannot be `true` together')
      }
      if (!((group.weight_decay ?? 0) >= 0)) {
        throw new ArgumentError(`Invalid weight_decay value: ${group.weight_decay}`)
      }
      check(group)
    })
  }

  /** What is kept for a parameter before its first update; `step` is counted when it is there. */
  protected abstract initialState(param: Tensor, group: ParamGroup<Options>): Record<string, Tensor>

  /** The update, in the order of operations of PyTorch's loop over parameters. */
  protected abstract update(group: ParamGroup<Options>, batch: Batch): void

  /** Weight decay, before the update. */
  protected decay(group: ParamGroup<Options>, batch: Batch): void {
    if (group.decoupled_weight_decay) shrink(group, batch.params)
    else batch.grads = foreach.add(batch.grads, batch.params, { alpha: group.weight_decay ?? 0 })
  }

  /** The update by one kernel, from gradients as they are. */
  protected updateFused(_group: ParamGroup<Options>, _batch: Batch): void {
    throw new ArgumentError(`${this.constructor.name} has no fused kernel`, { hint: 'leave fused out' })
  }

  override step(): void
  override step<Loss extends Tensor | number>(closure: () => Loss): Loss
  override step<Loss extends Tensor | number>(closure?: () => Loss): Loss | undefined {
    const loss = closure && enable_grad(closure)
    no_grad(() => {
      for (const group of this.param_groups) {
        // Gradients that were read here must not outlive `zero_grad()`: until the collector finds their objects, a
        // second set of gradients would be kept.
        scope(() => {
          this.#updateGroup(group)
          return group.params.map((param) => this.state.get(param))
        })
      }
    })
    return loss
  }

  #updateGroup(group: ParamGroup<Options>): void {
    const params = group.params.filter((param) => param.grad !== null)
    if (params.length === 0) return
    if (group.fused) {
      // One kernel takes one device and dtype, and reads the counters itself.
      for (const part of partition(params, (param) => `${param.device}/${param.dtype}`)) {
        this.updateFused(group, this.#batch(group, part))
      }
    } else if (group.foreach ?? params.every((param) => param.device.type === 'cuda')) {
      // Lists of one step share the scalars that depend on it.
      const step = (param: Tensor) => this.state.get(param)?.step?.item() ?? 0
      for (const part of partition(params, (param) => `${param.device}/${param.dtype}/${step(param)}`)) {
        this.#updateList(group, part)
      }
    } else {
      for (const param of params) this.#updateList(group, [param])
    }
  }

  #updateList(group: ParamGroup<Options>, params: Tensor[]): void {
    const batch = this.#batch(group, params)
    batch.step = batch.states[0]?.step?.item() ?? 0
    if (group.maximize) batch.grads = foreach.neg(batch.grads)
    if (group.weight_decay) this.decay(group, batch)
    this.update(group, batch)
  }

  #batch(group: ParamGroup<Options>, params: Tensor[]): Batch {
    const states = params.map((param) => {
      const known = this.state.get(param)
      if (known) return known
      const state = this.initialState(param, group)
      this.state.set(param, state)
      return state
    })
    const steps = states.flatMap(({ step }) => (step ? [step] : []))
    if (steps.length > 0) foreach.add_(steps, 1)
    return { params, grads: params.map((param) => param.grad as Tensor), states, step: 0 }
  }
}

/** Decoupled weight decay. */
export function shrink({ lr, weight_decay = 0 }: UpdateOptions, params: readonly Tensor[]): void {
  foreach.mul_(params, 1 - lr * weight_decay)
}

function partition(params: readonly Tensor[], key: (param: Tensor) => string): Iterable<Tensor[]> {
  const parts = new Map<string, Tensor[]>()
  for (const param of params) {
    const name = key(param)
    const part = parts.get(name)
    if (part) part.push(param)
    else parts.set(name, [param])
  }
  return parts.values()
}
