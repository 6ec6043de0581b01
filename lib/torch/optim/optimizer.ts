/** torch.optim.Optimizer: parameter groups and the state kept for each parameter. */

import { ArgumentError, CheckpointError } from '../../errors.js'
import { native } from '../native.js'
import type { Tensor } from '../tensor.js'

/** Parameters that share hyper-parameters. */
export type ParamGroup<Options> = Options & { params: Tensor[]; initial_lr?: number }

/** What the constructor takes: parameters, or groups that override some options. */
export type Params<Options> = Iterable<Tensor> | Iterable<Partial<Options> & { params: Iterable<Tensor> }>

/** Numbers and tensors kept for one parameter. */
export type ParameterState = Record<string, Tensor>

/** The state of an optimizer as plain data, of the shape of Python's `state_dict()`. */
export interface OptimizerState<Options> {
  state: Record<number, ParameterState>
  param_groups: (Options & { params: number[]; initial_lr?: number })[]
}

export abstract class Optimizer<Options extends { lr: number } = { lr: number }> {
  readonly param_groups: ParamGroup<Options>[] = []
  readonly state = new Map<Tensor, ParameterState>()
  readonly defaults: Options

  protected constructor(params: Params<Options>, defaults: Options) {
    this.defaults = defaults
    const items = [...(params as Iterable<Tensor | (Partial<Options> & { params: Iterable<Tensor> })>)]
    if (items.length === 0) throw new ArgumentError('the optimizer got an empty list of parameters')
    if (items.every((item) => native.isTensor(item)))
      this.add_param_group({ params: items as Tensor[] } as never)
    else
      for (const group of items)
        this.add_param_group(group as Partial<Options> & { params: Iterable<Tensor> })
  }

  /** Applies one update from the gradients at hand. Parameters without a gradient are left alone. */
  abstract step(): void

  /** @throws ArgumentError for what is no leaf tensor, or is in another group already. */
  add_param_group(group: Partial<Options> & { params: Iterable<Tensor> }): void {
    const params = [...group.params]
    const known = new Set(this.param_groups.flatMap((other) => other.params))
    for (const param of params) {
      if (!native.isTensor(param)) throw new ArgumentError('an optimizer takes Tensors')
      if (!param.is_leaf) throw new ArgumentError("can't optimize a non-leaf Tensor")
      if (known.has(param)) throw new ArgumentError('some parameters appear in more than one parameter group')
      known.add(param)
    }
    this.param_groups.push({ ...this.defaults, ...group, params })
  }

  /** Forgets the gradients of all parameters. */
  zero_grad(): void {
    for (const group of this.param_groups) for (const param of group.params) param.grad = null
  }

  state_dict(): OptimizerState<Options> {
    const index = new Map(this.param_groups.flatMap((group) => group.params).map((param, i) => [param, i]))
    const state: Record<number, ParameterState> = {}
    for (const [param, values] of this.state) state[index.get(param) as number] = { ...values }
    const param_groups = this.param_groups.map((group) => ({
      ...group,
      params: group.params.map((param) => index.get(param) as number),
    }))
    return { state, param_groups } as OptimizerState<Options>
  }

  /** @throws CheckpointError when groups or their sizes differ. */
  load_state_dict(dict: OptimizerState<Options>): void {
    const sizes = (groups: readonly { params: readonly unknown[] }[]) =>
      groups.map((g) => g.params.length).join(', ')
    if (sizes(dict.param_groups) !== sizes(this.param_groups)) {
      throw new CheckpointError(
        `the saved optimizer has groups of ${sizes(dict.param_groups)} parameters, this one of ${sizes(this.param_groups)}`,
      )
    }
    const params = this.param_groups.flatMap((group) => group.params)
    dict.param_groups.forEach(({ params: _, ...options }, i) => {
      Object.assign(this.param_groups[i] as object, options)
    })
    this.state.clear()
    const flat = dict.param_groups.flatMap((group) => group.params)
    flat.forEach((id, i) => {
      const values = dict.state[id]
      if (!values) return
      this.state.set(
        params[i] as Tensor,
        Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.clone()])),
      )
    })
  }
}

/** @throws ArgumentError naming the value when the condition does not hold. */
export function requireOption(condition: boolean, name: string, value: unknown): void {
  if (!condition) throw new ArgumentError(`Invalid ${name}: ${value}`)
}
