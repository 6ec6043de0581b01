/** torch.optim.Optimizer: parameter groups and the state kept for each parameter. */

import { ArgumentError, CheckpointError } from '../../errors.js'
import { complex64, complex128, float32 } from '../dtype.js'
import { native } from '../native.js'
import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'

/** What learning-rate schedules keep in a group, and what they change. */
export interface ScheduledFields {
  initial_lr?: number
  max_lr?: number
  min_lr?: number
  swa_lr?: number
  momentum?: number
  betas?: readonly [number, number]
  base_momentum?: number
  max_momentum?: number
}

/** Parameters that share hyper-parameters. */
export type ParamGroup<Options> = Options & ScheduledFields & { params: Tensor[]; param_names?: string[] }

/** Parameters, or parameters with their names, as `model.named_parameters()` gives them. */
export type ParamList = Iterable<Tensor> | Iterable<readonly [string, Tensor]>

/** A group as a user gives it: what it leaves out comes from the optimizer's options. */
export type GroupInput<Options> = Partial<Options> & { params: ParamList }

/** What the constructor takes: parameters, or groups that override some options. */
export type Params<Options> = ParamList | Iterable<GroupInput<Options>>

/** A value of a parameter's state. */
export type StateValue = Tensor | number | null | readonly StateValue[]

/** The state of an optimizer as plain data, of the shape of Python's `state_dict()`. */
export interface OptimizerState<Options, State extends object = Record<string, Tensor>> {
  state: Record<number, State>
  param_groups: (Options & ScheduledFields & { params: number[]; param_names?: string[] })[]
}

const toOperator = operator<(tensor: Tensor, options: object) => Tensor>('aten::to')
const full = operator<(size: number[], value: number, options: object) => Tensor>('aten::full')

/**
 * torch.optim.Optimizer. `State` is what is kept for one parameter.
 *
 * Subclasses with one rule for each parameter extend GradientOptimizer instead.
 */
export abstract class Optimizer<
  Options extends { lr: number } = { lr: number },
  State extends object = Record<string, Tensor>,
> {
  readonly param_groups: ParamGroup<Options>[] = []
  readonly state = new Map<Tensor, State>()
  readonly defaults: Options
  // `never`, so that an optimizer with more options still passes for one with fewer.
  readonly #check: (group: never) => void

  /** @param check refuses a group's options; called for each group, later ones included. */
  protected constructor(
    params: Params<Options>,
    defaults: Options,
    check: (group: Options) => void = () => {},
  ) {
    this.defaults = defaults
    this.#check = check
    const items = [...(params as Iterable<Tensor | readonly [string, Tensor] | GroupInput<Options>>)]
    if (items.length === 0) throw new ArgumentError('the optimizer got an empty list of parameters')
    if (items.every((item) => native.isTensor(item) || Array.isArray(item)))
      this.add_param_group({ params: items as Tensor[] } as unknown as GroupInput<Options>)
    else for (const group of items) this.add_param_group(group as GroupInput<Options>)
  }

  /**
   * Applies one update from the gradients at hand; parameters without a gradient are left alone.
   *
   * @param closure computes the loss and its gradients anew, and is called before the update
   * @returns what the closure returned
   */
  abstract step(): void
  abstract step<Loss extends Tensor | number>(closure: () => Loss): Loss

  /** @throws ArgumentError for what is no leaf tensor, is complex, or is in another group already. */
  add_param_group(group: GroupInput<Options>): void {
    if (typeof group?.params?.[Symbol.iterator] !== 'function') {
      throw new ArgumentError('a parameter group needs `params`, a list of Tensors')
    }
    const items = [...(group.params as Iterable<Tensor | readonly [string, Tensor]>)]
    const params = items.map((item) => (Array.isArray(item) ? item[1] : item) as Tensor)
    const param_names = items.flatMap((item) => (Array.isArray(item) ? [item[0] as string] : []))
    if (param_names.length !== 0 && param_names.length !== params.length) {
      throw new ArgumentError(`${param_names.length} of ${params.length} parameters have names`, {
        hint: 'give all of them names, or none',
      })
    }
    const [first] = this.param_groups
    if (first && (first.param_names !== undefined) !== param_names.length > 0) {
      throw new ArgumentError('parameter groups must all have names, or none')
    }
    const known = new Set(this.param_groups.flatMap((other) => other.params))
    for (const param of params) {
      if (!native.isTensor(param)) throw new ArgumentError('an optimizer takes Tensors')
      if (!param.is_leaf) throw new ArgumentError("can't optimize a non-leaf Tensor")
      if (param.dtype === complex64 || param.dtype === complex128) {
        throw new ArgumentError(`an optimizer takes real parameters, not ${param.dtype}`, {
          hint: 'keep it as a real parameter of shape (…, 2) and use torch.view_as_complex in forward',
        })
      }
      if (known.has(param)) throw new ArgumentError('some parameters appear in more than one parameter group')
      known.add(param)
    }
    const complete = {
      ...this.defaults,
      ...group,
      params,
      ...(param_names.length > 0 ? { param_names } : {}),
    } as ParamGroup<Options>
    if (typeof complete.lr !== 'number') {
      throw new ArgumentError(`lr is a number, not ${typeof complete.lr}`, { hint: 'pass tensor.item()' })
    }
    this.#check(complete as never)
    this.param_groups.push(complete)
  }

  /** Forgets the gradients of all parameters, or with `set_to_none: false` fills them with zeros. */
  zero_grad(options: { set_to_none?: boolean } = {}): void {
    for (const group of this.param_groups) {
      for (const param of group.params) {
        if (options.set_to_none ?? true) param.grad = null
        else param.grad = param.grad?.detach().zero_() ?? null
      }
    }
  }

  /** Groups with their options, and the state by the parameters' positions. Tensors are shared, as in Python. */
  state_dict(): OptimizerState<Options, State> {
    const index = new Map(this.param_groups.flatMap((group) => group.params).map((param, i) => [param, i]))
    const state: Record<number, State> = {}
    for (const [param, values] of this.state) {
      if (Object.keys(values).length > 0) state[index.get(param) as number] = { ...values }
    }
    const param_groups = this.param_groups.map((group) => ({
      ...group,
      params: group.params.map((param) => index.get(param) as number),
    }))
    return { state, param_groups } as OptimizerState<Options, State>
  }

  /**
   * Takes over options and state, also of Python's optimizer of the same name. Tensors are copied, to the device and
   * dtype of their parameter; options that the dictionary lacks stay as they are.
   *
   * @throws CheckpointError when groups or their sizes differ.
   */
  load_state_dict(dict: OptimizerState<Options, State>): void {
    const sizes = (groups: readonly { params: readonly unknown[] }[]) =>
      groups.map((g) => g.params.length).join(', ')
    if (sizes(dict.param_groups) !== sizes(this.param_groups)) {
      throw new CheckpointError(
        `the saved optimizer has groups of ${sizes(dict.param_groups)} parameters, this one of ${sizes(this.param_groups)}`,
      )
    }
    dict.param_groups.forEach(({ params: _, ...options }, i) => {
      Object.assign(this.param_groups[i] as object, options)
    })
    this.state.clear()
    const flat = dict.param_groups.flatMap((group) => group.params)
    const groups = this.param_groups.flatMap((group) => group.params.map((param) => ({ group, param })))
    flat.forEach((id, i) => {
      const values = dict.state[id]
      if (!values) return
      const { group, param } = groups[i] as (typeof groups)[number]
      const entries = Object.entries(values).map(([name, value]) => [name, adopt(name, value, param, group)])
      this.state.set(param, Object.fromEntries(entries) as State)
    })
  }
}

/** PyTorch's rule: everything follows its parameter, but for the step counter, which only fused kernels want there. */
function adopt(name: string, value: StateValue, param: Tensor, group: object): StateValue {
  if (name === 'step') {
    const fused = 'fused' in group && group.fused === true
    const device = fused ? param.device : 'cpu'
    if (typeof value === 'number') return full([], value, { dtype: float32, device })
    return fused
      ? toOperator(value as Tensor, { dtype: float32, device, copy: true })
      : (value as Tensor).clone()
  }
  if (Array.isArray(value)) return value.map((item) => adopt('', item, param, group))
  if (!native.isTensor(value)) return value
  const dtype = param.is_floating_point() ? param.dtype : (value as Tensor).dtype
  return toOperator(value as Tensor, { dtype, device: param.device, copy: true })
}

/** @throws ArgumentError naming the value when the condition does not hold. */
export function requireOption(condition: boolean, name: string, value: unknown): void {
  if (!condition) throw new ArgumentError(`Invalid ${name}: ${value}`)
}

/** @throws ArgumentError when an option is below 0 or no number. */
export function requireNotNegative<Options>(
  group: Options,
  names: Partial<Record<keyof Options, string>>,
): void {
  for (const [key, name] of Object.entries(names) as [keyof Options, string][]) {
    requireOption((group[key] as number) >= 0, name, group[key])
  }
}
