/** torch.nn: modules that hold other modules or parameters. */

import { ArgumentError, IndexError } from '../../errors.js'
import type { Tensor } from '../tensor.js'
import { type AnyModule, Module } from './module.js'

/** A position that may count from the end. */
function position(index: number, length: number): number {
  if (!Number.isInteger(index) || index < -length || index >= length) {
    throw new IndexError(`index ${index} is out of range for ${length} entries`)
  }
  return index < 0 ? length + index : index
}

/** What Sequential and ModuleList share: modules under the names '0', '1', …. */
export abstract class Numbered<Inputs extends unknown[], Output> extends Module<Inputs, Output> {
  override get length(): number {
    return this.children().length
  }

  /** The module at a position; negative counts from the end. */
  at(index: number): AnyModule {
    const modules = this.children()
    return modules[position(index, modules.length)] as AnyModule
  }

  append(module: AnyModule): this {
    this.add_module(String(this.length), module)
    return this
  }

  extend(modules: Iterable<AnyModule>): this {
    for (const module of modules) this.append(module)
    return this
  }

  [Symbol.iterator](): Iterator<AnyModule> {
    return this.children()[Symbol.iterator]()
  }
}

/**
 * torch.nn.Sequential: each module takes what the one before gives. `new Sequential(a, b)`, or with names
 * `new Sequential({ first: a, second: b })`.
 */
export class Sequential<Input = Tensor, Output = Tensor> extends Numbered<[input: Input], Output> {
  constructor(...modules: AnyModule[] | [Readonly<Record<string, AnyModule>>]) {
    super()
    const [first] = modules
    const entries =
      modules.length === 1 && !(first instanceof Module)
        ? Object.entries(first ?? {})
        : Object.entries(modules)
    for (const [name, module] of entries) this.add_module(name, module as AnyModule)
  }

  override forward(input: Input): Output {
    let value: unknown = input
    for (const module of this) value = (module as Module<unknown[]>)(value)
    return value as Output
  }
}

/** torch.nn.ModuleList: a list whose modules are found. It has no forward. */
export class ModuleList extends Numbered<never[], never> {
  constructor(modules: Iterable<AnyModule> = []) {
    super()
    this.extend(modules)
  }

  override forward(): never {
    throw new ArgumentError('a ModuleList cannot be called', { hint: 'call its modules in your forward' })
  }

  /** Equal neighbours are printed once, as Python prints them. */
  protected override childLines(): string[] {
    const runs: { first: number; last: number; text: string }[] = []
    this.children().forEach((child, i) => {
      const text = String(child)
      const run = runs.at(-1)
      if (run?.text === text) run.last = i
      else runs.push({ first: i, last: i, text })
    })
    return runs.map(({ first, last, text }) =>
      first === last ? `(${first}): ${text}` : `(${first}-${last}): ${last - first + 1} x ${text}`,
    )
  }
}

/** torch.nn.ModuleDict: modules by name, in the order in which they came. It has no forward. */
export class ModuleDict extends Module<never[], never> {
  constructor(modules: Readonly<Record<string, AnyModule>> = {}) {
    super()
    this.update(modules)
  }

  override get length(): number {
    return this.keys().length
  }

  /** @throws ArgumentError when there is none. */
  get(name: string): AnyModule {
    return this.get_submodule(name)
  }

  has(name: string): boolean {
    return this.keys().includes(name)
  }

  set(name: string, module: AnyModule): this {
    this.add_module(name, module)
    return this
  }

  /** Takes a module out and returns it. */
  pop(name: string): AnyModule {
    const module = this.get(name)
    Reflect.deleteProperty(this, name)
    return module
  }

  update(modules: Readonly<Record<string, AnyModule>>): void {
    for (const [name, module] of Object.entries(modules)) this.add_module(name, module)
  }

  keys(): string[] {
    return this.named_children().map(([name]) => name)
  }

  values(): AnyModule[] {
    return this.children()
  }

  items(): [string, AnyModule][] {
    return this.named_children()
  }

  override forward(): never {
    throw new ArgumentError('a ModuleDict cannot be called', { hint: 'call its modules in your forward' })
  }
}

/** torch.nn.ParameterList: a list whose parameters are found; plain tensors become parameters. */
export class ParameterList extends Module<never[], never> {
  constructor(values: Iterable<Tensor> = []) {
    super()
    this.extend(values)
  }

  override get length(): number {
    return this.ownParameters().length
  }

  /** The parameter at a position; negative counts from the end. */
  at(index: number): Tensor {
    const own = this.ownParameters()
    return (own[position(index, own.length)] as [string, Tensor])[1]
  }

  append(value: Tensor): this {
    this.register_parameter(String(this.length), value)
    return this
  }

  extend(values: Iterable<Tensor>): this {
    for (const value of values) this.append(value)
    return this
  }

  [Symbol.iterator](): Iterator<Tensor> {
    return this.ownParameters()
      .map(([, parameter]) => parameter)
      [Symbol.iterator]()
  }

  override forward(): never {
    throw new ArgumentError('a ParameterList cannot be called', {
      hint: 'use its parameters in your forward',
    })
  }

  protected override childLines(): string[] {
    return this.ownParameters().map(
      ([name, p]) => `  (${name}): Parameter containing: [${p.dtype} of size ${p.shape.join('x')}]`,
    )
  }
}
