/** torch.nn.Module: a callable object that owns parameters, buffers and other modules. */

import { callable } from '../../callable.js'
import { ArgumentError } from '../../errors.js'
import type { DeviceLike } from '../device.js'
import { bfloat16, type DTypeLike, float16, float32, float64 } from '../dtype.js'
import { no_grad } from '../modes.js'
import { native } from '../native.js'
import type { Tensor } from '../tensor.js'
import {
  type BackwardHooks,
  type FullBackwardHook,
  type FullBackwardPreHook,
  HookedCall,
} from './backward-hooks.js'
import { HookList, type RemovableHandle } from './hooks.js'
import { isParameter, Parameter } from './parameter.js'
import {
  type IncompatibleKeys,
  type LoadStateDictPostHook,
  type LoadStateDictPreHook,
  loadState,
  readState,
  type StateDict,
  type StateDictPostHook,
  type StateDictPreHook,
  StateHooks,
  type StateNode,
} from './state-dict.js'

/** Any module, whatever it takes and gives. */
export type AnyModule = Module<never[], unknown>
/** May return other inputs, as a list, or nothing. */
export type ForwardPreHook = (module: AnyModule, inputs: unknown[]) => unknown
/** May return another output, or nothing. */
export type ForwardHook = (module: AnyModule, inputs: unknown[], output: unknown) => unknown

type MoveTarget = DeviceLike | DTypeLike | { device?: DeviceLike; dtype?: DTypeLike }

interface Internals {
  /** Names of buffers, and whether the state has them. */
  buffers: Map<string, boolean>
  preHooks: HookList<ForwardPreHook>
  hooks: HookList<ForwardHook>
  backward: BackwardHooks
  state: StateHooks
}
// Beside the instance and not in it: what a callable's constructor returns lacks the fields of its base class.
const internals = new WeakMap<object, Internals>()
const internalsOf = (module: object) => internals.get(module) as Internals

/** A module can be called: `module(...inputs)` runs hooks and `module.forward(...inputs)`. */
export interface Module<Inputs extends unknown[] = never[], Output = unknown> {
  (...inputs: Inputs): Output
}

/**
 * torch.nn.Module. Assign parameters (`Parameter(tensor)`) and modules to properties; they are found by name.
 * Subclasses write `forward`.
 */
export abstract class Module<Inputs extends unknown[] = never[], Output = unknown> {
  /** Whether dropout and the like are active. */
  declare training: boolean

  constructor() {
    const self = callable<Module<Inputs, Output>>(new.target, (module, args) =>
      call(module as unknown as Module<unknown[]>, args),
    )
    // Not a field: its initializer would set it on the object that this constructor replaces.
    self.training = true
    internals.set(self, {
      buffers: new Map(),
      preHooks: new HookList(),
      hooks: new HookList(),
      backward: { pre: new HookList(), full: new HookList() },
      state: new StateHooks(),
    })
    // biome-ignore lint/correctness/noConstructorReturn: the only way to make an instance callable
    return self as this
  }

  abstract forward(...inputs: Inputs): Output

  /** Own parameters by name, without those of child modules. */
  protected ownParameters(): [string, Tensor][] {
    return Object.entries(this).filter((entry): entry is [string, Tensor] => isParameter(entry[1]))
  }

  /**
   * A tensor that belongs to the module and is no parameter: it moves with `to`, and `state_dict` has it unless
   * `persistent` is false. It becomes a property of that name; null keeps the name for later.
   */
  register_buffer(name: string, tensor: Tensor | null, options: { persistent?: boolean } = {}): void {
    const { buffers } = internalsOf(this)
    if (!buffers.has(name)) claim(this, name, 'buffer')
    buffers.set(name, options.persistent ?? true)
    Reflect.set(this, name, tensor)
  }

  /** The same as assigning to the property, for names that are computed; null: there is none. */
  register_parameter(name: string, parameter: Tensor | null): void {
    claim(this, name, 'parameter')
    Reflect.set(this, name, parameter === null || isParameter(parameter) ? parameter : Parameter(parameter))
  }

  /** The same as assigning to the property, for names that are computed. */
  add_module(name: string, module: AnyModule): void {
    if (!(module instanceof Module)) {
      throw new ArgumentError(`'${name}' must be a Module, found ${String(module)}`)
    }
    if (!(Reflect.get(this, name) instanceof Module)) claim(this, name, 'module')
    Reflect.set(this, name, module)
  }

  register_module(name: string, module: AnyModule): void {
    this.add_module(name, module)
  }

  /** `hook(module, inputs)` before each call; a list that it returns takes the inputs' place. */
  register_forward_pre_hook(hook: ForwardPreHook, options: { prepend?: boolean } = {}): RemovableHandle {
    return internalsOf(this).preHooks.register(hook, options.prepend)
  }

  /** `hook(module, inputs, output)` after each call; what it returns takes the output's place. */
  register_forward_hook(hook: ForwardHook, options: { prepend?: boolean } = {}): RemovableHandle {
    return internalsOf(this).hooks.register(hook, options.prepend)
  }

  /** `hook(module, grad_input, grad_output)` after each backward pass through the module. */
  register_full_backward_hook(hook: FullBackwardHook, options: { prepend?: boolean } = {}): RemovableHandle {
    return internalsOf(this).backward.full.register(hook, options.prepend)
  }

  /** `hook(module, grad_output)` before each backward pass through the module. */
  register_full_backward_pre_hook(
    hook: FullBackwardPreHook,
    options: { prepend?: boolean } = {},
  ): RemovableHandle {
    return internalsOf(this).backward.pre.register(hook, options.prepend)
  }

  /** `hook(module, prefix, keep_vars)` before the module's state is read. */
  register_state_dict_pre_hook(hook: StateDictPreHook): RemovableHandle {
    return internalsOf(this).state.beforeSave.register(hook)
  }

  /** `hook(module, state_dict, prefix, local_metadata)` after the module's state was read. */
  register_state_dict_post_hook(hook: StateDictPostHook): RemovableHandle {
    return internalsOf(this).state.afterSave.register(hook)
  }

  /** `hook(module, state_dict, prefix, …)` before a state is loaded into the module. */
  register_load_state_dict_pre_hook(hook: LoadStateDictPreHook): RemovableHandle {
    return internalsOf(this).state.beforeLoad.register(hook)
  }

  /** `hook(module, incompatible_keys)` after a state was loaded into the module. */
  register_load_state_dict_post_hook(hook: LoadStateDictPostHook): RemovableHandle {
    return internalsOf(this).state.afterLoad.register(hook)
  }

  /** Direct child modules by name. */
  named_children(): [string, AnyModule][] {
    return Object.entries(this).filter((entry): entry is [string, AnyModule] => entry[1] instanceof Module)
  }

  children(): AnyModule[] {
    return this.named_children().map(([, child]) => child)
  }

  /** This module and all below it, by dotted name; each once. */
  named_modules(prefix = '', seen = new Set<unknown>()): [string, AnyModule][] {
    if (seen.has(this)) return []
    seen.add(this)
    const below = this.named_children().flatMap(([name, child]) =>
      child.named_modules(join(prefix, name), seen),
    )
    return [[prefix, this as unknown as AnyModule], ...below]
  }

  modules(): AnyModule[] {
    return this.named_modules().map(([, module]) => module)
  }

  /** All parameters by dotted name; a shared one once, under its first name. */
  named_parameters(): [string, Tensor][] {
    return collect(this as unknown as AnyModule, (module) => module.ownParameters())
  }

  parameters(): Tensor[] {
    return this.named_parameters().map(([, parameter]) => parameter)
  }

  /** All buffers by dotted name; a shared one once, under its first name. */
  named_buffers(): [string, Tensor][] {
    return collect(this as unknown as AnyModule, ownBuffers)
  }

  buffers(): Tensor[] {
    return this.named_buffers().map(([, buffer]) => buffer)
  }

  /** The module at a dotted path; '' is this one. */
  get_submodule(target: string): AnyModule {
    let module = this as unknown as AnyModule
    for (const name of target === '' ? [] : target.split('.')) {
      const child = module.named_children().find(([own]) => own === name)
      if (!child)
        throw new ArgumentError(`${module.constructor.name} has no module '${name}' (in '${target}')`)
      module = child[1]
    }
    return module
  }

  /** The parameter at a dotted path. */
  get_parameter(target: string): Tensor {
    const owner = this.get_submodule(parentOf(target))
    return pick(owner, owner.ownParameters(), target, 'parameter')
  }

  /** The buffer at a dotted path. */
  get_buffer(target: string): Tensor {
    const owner = this.get_submodule(parentOf(target))
    return pick(owner, ownBuffers(owner), target, 'buffer')
  }

  /** Parameters and persistent buffers by dotted name, detached: they share memory with the module. */
  state_dict(prefix = ''): StateDict {
    return readState(this.stateNode(prefix), {})
  }

  /** What saving and loading go through. */
  protected stateNode(prefix: string): StateNode {
    const { buffers, state: hooks } = internalsOf(this)
    const own = [...this.ownParameters(), ...ownBuffers(this).filter(([name]) => buffers.get(name))]
    const children = this.named_children().map(([name, child]) => child.stateNode(`${prefix}${name}.`))
    return { module: this as unknown as AnyModule, prefix, own, hooks, children }
  }

  /**
   * Copies tensors into the parameters and buffers of the same name.
   *
   * @throws CheckpointError for another shape, and when `strict` for missing or unexpected names.
   */
  load_state_dict(state: Readonly<StateDict>, options: { strict?: boolean } = {}): IncompatibleKeys {
    return loadState(this.stateNode(''), state, options.strict ?? true)
  }

  /** Sets training mode here and below. */
  train(mode = true): this {
    if (typeof mode !== 'boolean') throw new ArgumentError('train() takes true or false')
    for (const module of this.modules()) module.training = mode
    return this
  }

  /** `train(false)`: dropout off. */
  eval(): this {
    return this.train(false)
  }

  /** Forgets all gradients. */
  zero_grad(): void {
    for (const parameter of this.parameters()) parameter.grad = null
  }

  requires_grad_(value = true): this {
    for (const parameter of this.parameters()) parameter.requires_grad = value
    return this
  }

  /**
   * Moves or converts in place: `to('cuda')`, `to(torch.bfloat16)`, `to({ device, dtype })`. Whole numbers keep
   * their dtype.
   */
  to(target: MoveTarget): this {
    no_grad(() => {
      for (const parameter of this.parameters()) {
        const { grad } = parameter
        const moved = move(parameter.data, target)
        parameter.grad = null
        parameter.data = moved
        if (grad) parameter.grad = move(grad, target)
      }
      for (const buffer of this.buffers()) buffer.data = move(buffer.data, target)
    })
    return this
  }

  cpu(): this {
    return this.to('cpu')
  }

  cuda(): this {
    return this.to('cuda')
  }

  float(): this {
    return this.to(float32)
  }

  double(): this {
    return this.to(float64)
  }

  half(): this {
    return this.to(float16)
  }

  bfloat16(): this {
    return this.to(bfloat16)
  }

  /** Calls `fn` with every module below and then this one. */
  apply(fn: (module: AnyModule) => void): this {
    for (const child of this.children()) child.apply(fn)
    fn(this as unknown as AnyModule)
    return this
  }

  /** What stands in the brackets when the module is printed. */
  extra_repr(): string {
    return ''
  }

  /** The lines of the children when the module is printed. */
  protected childLines(): string[] {
    return this.named_children().map(([name, child]) => `(${name}): ${child}`)
  }

  toString(): string {
    const children = this.childLines().map((line) => line.replaceAll('\n', '\n  '))
    const body = [this.extra_repr(), ...children].filter((line) => line !== '')
    if (children.length === 0) return `${this.constructor.name}(${body.join('')})`
    return `${this.constructor.name}(\n  ${body.join('\n  ')}\n)`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

// Functions and not private methods: the callable that the constructor returns would lack those.

function ownBuffers(module: object): [string, Tensor][] {
  return [...internalsOf(module).buffers.keys()]
    .map((name): [string, unknown] => [name, Reflect.get(module, name)])
    .filter((entry): entry is [string, Tensor] => native.isTensor(entry[1]))
}

function collect(root: AnyModule, own: (module: AnyModule) => [string, Tensor][]): [string, Tensor][] {
  const seen = new Set<Tensor>()
  return root
    .named_modules()
    .flatMap(([prefix, module]) =>
      own(module).map(([name, tensor]): [string, Tensor] => [join(prefix, name), tensor]),
    )
    .filter(([, tensor]) => !seen.has(tensor) && seen.add(tensor))
}

/** Takes a parameter, buffer or module out, so that the name is free. */
export function forget(module: object, name: string): void {
  internalsOf(module).buffers.delete(name)
  Reflect.deleteProperty(module, name)
}

/** Whether anything would run beside `forward` when the module is called. */
export function isHooked(module: object): boolean {
  const { preHooks, hooks, backward } = internalsOf(module)
  return ![preHooks, hooks, backward.pre, backward.full].every(({ isEmpty }) => isEmpty)
}

/** Whether the name is that of a buffer. */
export const isBuffer = (module: object, name: string): boolean => internalsOf(module).buffers.has(name)

function claim(module: object, name: string, kind: string): void {
  if (name === '' || name.includes('.')) {
    throw new ArgumentError(`a ${kind} cannot be named '${name}': names are not empty and have no dot`)
  }
  if (Reflect.get(module, name) !== undefined && Reflect.get(module, name) !== null) {
    throw new ArgumentError(`the attribute '${name}' exists already; choose another name for the ${kind}`)
  }
}

const parentOf = (target: string) => target.slice(0, Math.max(target.lastIndexOf('.'), 0))

function pick(owner: object, own: [string, Tensor][], target: string, kind: string): Tensor {
  const name = target.slice(target.lastIndexOf('.') + 1)
  const found = own.find(([other]) => other === name)
  if (!found) throw new ArgumentError(`${owner.constructor.name} has no ${kind} '${name}' (in '${target}')`)
  return found[1]
}

function call(module: Module<unknown[]>, args: unknown[]): unknown {
  const { preHooks, hooks, backward } = internalsOf(module)
  const self = module as unknown as AnyModule
  let inputs = args
  for (const hook of preHooks) {
    const changed = hook(self, inputs)
    if (changed !== undefined && changed !== null) inputs = Array.isArray(changed) ? changed : [changed]
  }
  const hooked = backward.pre.isEmpty && backward.full.isEmpty ? null : new HookedCall(self, backward)
  if (hooked) inputs = hooked.inputs(inputs)
  let output = module.forward(...inputs)
  for (const hook of hooks) output = hook(self, inputs, output) ?? output
  return hooked ? hooked.output(output, inputs) : output
}

function move(tensor: Tensor, target: MoveTarget): Tensor {
  const moved = tensor.to(target)
  return tensor.is_floating_point() || moved.dtype === tensor.dtype ? moved : tensor.to(moved.device)
}

const join = (prefix: string, name: string) => (prefix === '' ? name : `${prefix}.${name}`)
