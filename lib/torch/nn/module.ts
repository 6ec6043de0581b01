/** torch.nn.Module: a callable object that owns parameters and other modules. */

import { callable } from '../../callable.js'
import { ArgumentError, CheckpointError } from '../../errors.js'
import type { DeviceLike } from '../device.js'
import type { DTypeLike } from '../dtype.js'
import { no_grad } from '../modes.js'
import { native } from '../native.js'
import type { Tensor } from '../tensor.js'

const parameters = new WeakSet<Tensor>()

/** torch.nn.Parameter: marks a tensor as a module's parameter and lets gradients flow to it. */
export function Parameter(data: Tensor, requires_grad = true): Tensor {
  const parameter =
    data.requires_grad === requires_grad && data.is_leaf ? data : data.detach().requires_grad_(requires_grad)
  parameters.add(parameter)
  return parameter
}

/** What a strict load found amiss. */
export interface IncompatibleKeys {
  missing_keys: string[]
  unexpected_keys: string[]
}

/** A module can be called: `module(...inputs)` is `module.forward(...inputs)`. */
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
    const self = callable<Module<Inputs, Output>>(new.target, (self, args) =>
      self.forward(...(args as Inputs)),
    )
    // Not a field: its initializer would set it on the object that this constructor replaces.
    self.training = true
    // biome-ignore lint/correctness/noConstructorReturn: the only way to make an instance callable
    return self as this
  }

  abstract forward(...inputs: Inputs): Output

  /** Own parameters by name, without those of child modules. */
  protected ownParameters(): [string, Tensor][] {
    return Object.entries(this).filter(
      (entry): entry is [string, Tensor] => native.isTensor(entry[1]) && parameters.has(entry[1] as Tensor),
    )
  }

  /** Direct child modules by name. */
  named_children(): [string, Module][] {
    return Object.entries(this).filter((entry): entry is [string, Module] => entry[1] instanceof Module)
  }

  children(): Module[] {
    return this.named_children().map(([, child]) => child)
  }

  /** This module and all below it, by dotted name; each once. */
  named_modules(prefix = '', seen = new Set<unknown>()): [string, Module][] {
    if (seen.has(this)) return []
    seen.add(this)
    const below = this.named_children().flatMap(([name, child]) =>
      child.named_modules(join(prefix, name), seen),
    )
    return [[prefix, this as unknown as Module], ...below]
  }

  modules(): Module[] {
    return this.named_modules().map(([, module]) => module)
  }

  /** All parameters by dotted name; a shared one once, under its first name. */
  named_parameters(): [string, Tensor][] {
    const seen = new Set<Tensor>()
    return this.named_modules()
      .flatMap(([prefix, module]) =>
        module.ownParameters().map(([name, p]): [string, Tensor] => [join(prefix, name), p]),
      )
      .filter(([, parameter]) => !seen.has(parameter) && seen.add(parameter))
  }

  parameters(): Tensor[] {
    return this.named_parameters().map(([, parameter]) => parameter)
  }

  /** Parameters by dotted name, detached: they share memory with the module. */
  state_dict(): Record<string, Tensor> {
    return Object.fromEntries(this.named_parameters().map(([name, parameter]) => [name, parameter.detach()]))
  }

  /**
   * Copies tensors into the parameters of the same name.
   *
   * @throws CheckpointError for another shape, and when `strict` for missing or unexpected names.
   */
  load_state_dict(
    state: Readonly<Record<string, Tensor>>,
    options: { strict?: boolean } = {},
  ): IncompatibleKeys {
    const own = new Map(this.named_parameters())
    const missing_keys = [...own.keys()].filter((name) => !(name in state))
    const unexpected_keys = Object.keys(state).filter((name) => !own.has(name))
    if ((options.strict ?? true) && missing_keys.length + unexpected_keys.length > 0) {
      throw new CheckpointError(
        `the state does not fit ${this.constructor.name}: missing ${list(missing_keys)}; unexpected ${list(unexpected_keys)}`,
        { hint: 'pass { strict: false } to load what fits' },
      )
    }
    for (const [name, parameter] of own) {
      const tensor = state[name]
      if (tensor && String(tensor.shape) !== String(parameter.shape)) {
        throw new CheckpointError(
          `${name} has shape (${tensor.shape}) in the state, (${parameter.shape}) in the module`,
        )
      }
    }
    no_grad(() => {
      for (const [name, parameter] of own) {
        const tensor = state[name]
        if (tensor) parameter.copy_(tensor)
      }
    })
    return { missing_keys, unexpected_keys }
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

  /** Moves or converts the parameters in place: `to('cuda')`, `to(torch.bfloat16)`, `to({ device, dtype })`. */
  to(target: DeviceLike | DTypeLike | { device?: DeviceLike; dtype?: DTypeLike }): this {
    no_grad(() => {
      for (const parameter of this.parameters()) {
        const { grad } = parameter
        const moved = parameter.data.to(target)
        parameter.grad = null
        parameter.data = moved
        if (grad) parameter.grad = grad.to(target)
      }
    })
    return this
  }

  /** Calls `fn` with every module below and then this one. */
  apply(fn: (module: Module) => void): this {
    for (const child of this.children()) child.apply(fn)
    fn(this as unknown as Module)
    return this
  }

  /** What stands in the brackets when the module is printed. */
  extra_repr(): string {
    return ''
  }

  toString(): string {
    const children = this.named_children().map(([name, child]) =>
      `(${name}): ${child}`.replaceAll('\n', '\n  '),
    )
    const body = [this.extra_repr(), ...children].filter((line) => line !== '')
    if (children.length === 0) return `${this.constructor.name}(${body.join('')})`
    return `${this.constructor.name}(\n  ${body.join('\n  ')}\n)`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

const join = (prefix: string, name: string) => (prefix === '' ? name : `${prefix}.${name}`)
const list = (names: readonly string[]) => (names.length === 0 ? 'none' : names.join(', '))
