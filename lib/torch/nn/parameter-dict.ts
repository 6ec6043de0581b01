/** torch.nn.ParameterDict: parameters by name. */

import { ArgumentError } from '../../errors.js'
import type { Tensor } from '../tensor.js'
import { forget, Module } from './module.js'
import { isParameter, Parameter } from './parameter.js'

type Entries = Readonly<Record<string, Tensor>> | ReadonlyMap<string, Tensor>

/**
 * torch.nn.ParameterDict: parameters that are found under their names; plain tensors become parameters. As in Python an
 * object's names are sorted, a Map's keep their order.
 */
export class ParameterDict extends Module<never[], never> {
  constructor(parameters: Entries = {}) {
    super()
    this.update(parameters)
  }

  override get length(): number {
    return this.keys().length
  }

  /** @throws ArgumentError when there is none. */
  get(name: string): Tensor {
    return this.get_parameter(name)
  }

  has(name: string): boolean {
    return this.keys().includes(name)
  }

  set(name: string, value: Tensor): this {
    if (this.has(name)) Reflect.set(this, name, isParameter(value) ? value : Parameter(value))
    else this.register_parameter(name, value)
    return this
  }

  /** Takes a parameter out and returns it. */
  pop(name: string): Tensor {
    const parameter = this.get(name)
    forget(this, name)
    return parameter
  }

  update(parameters: Entries): void {
    const entries =
      parameters instanceof Map
        ? [...parameters]
        : Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
    for (const [name, value] of entries) this.set(name, value)
  }

  keys(): string[] {
    return this.ownParameters().map(([name]) => name)
  }

  values(): Tensor[] {
    return this.ownParameters().map(([, parameter]) => parameter)
  }

  items(): [string, Tensor][] {
    return this.ownParameters()
  }

  override forward(): never {
    throw new ArgumentError('a ParameterDict cannot be called', {
      hint: 'use its parameters in your forward',
    })
  }

  protected override childLines(): string[] {
    return this.items().map(
      ([name, p]) => `  (${name}): Parameter containing: [${p.type()} of size ${p.shape.join('x')}]`,
    )
  }
}
