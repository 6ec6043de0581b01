/** Layers that only call a function with the options they were made with, as a table describes them. */

import { ArgumentError } from '../../errors.js'
import type { Tensor } from '../tensor.js'
import { named, type Rest } from './arguments.js'
import { Module } from './module.js'
import { pythonBool, pythonFloat } from './python-repr.js'

type Key<Options> = keyof Options & string
type Values<Options, Names extends readonly Key<Options>[]> = {
  -readonly [I in keyof Names]: Options[Names[I]]
}

/** The options once those with a default are there. */
type Completed<Options, Defaults> = Options & {
  [K in keyof Defaults & keyof Options]-?: Exclude<Options[K], undefined>
} & { training: boolean }

interface Layer<
  Options,
  Inputs extends unknown[],
  Needed extends readonly Key<Options>[],
  Names extends readonly Key<Options>[],
  Defaults extends Partial<Options>,
> {
  /** Arguments that must be given; they come first. */
  needed?: Needed
  /** Further arguments that have a position. */
  names?: Names
  /** Arguments that have none. */
  keywords?: readonly Key<Options>[]
  defaults?: Defaults
  /** Arguments that are tensors of the layer's state. */
  buffers?: readonly Key<Options>[]
  /** Refuses options, or completes them. */
  prepare?(options: Options): Partial<Options>
  run(options: Completed<Options, Defaults>, ...inputs: Inputs): Tensor
  /** What stands in the brackets when the layer is printed. */
  repr?(options: Options): string
}

/** The class of such a layer: its options are its properties. */
export interface FunctionLayer<Options, Inputs extends unknown[], Arguments extends unknown[]> {
  new (...args: Arguments): Module<Inputs, Tensor> & Readonly<Options>
}

/** `layer<Options>()('Name', { … })`: options by hand, the rest is inferred. */
export const layer =
  <Options extends object, Inputs extends unknown[] = [input: Tensor]>() =>
  <
    const Needed extends readonly Key<Options>[] = [],
    const Names extends readonly Key<Options>[] = [],
    Defaults extends Partial<Options> = Record<never, never>,
  >(
    name: string,
    spec: Layer<Options, Inputs, Needed, Names, Defaults>,
  ) => {
    const positional = [...(spec.needed ?? []), ...(spec.names ?? [])]
    const made = class extends Module<Inputs, Tensor> {
      constructor(...args: unknown[]) {
        super()
        const given = named<Options>(name, args, positional, spec.keywords)
        const set = Object.entries(given).filter(([, value]) => value !== undefined)
        const options = { ...spec.defaults, ...Object.fromEntries(set) } as Options
        const lacking = spec.needed?.find((key) => options[key] === undefined)
        if (lacking !== undefined) throw new ArgumentError(`${name} needs the argument '${lacking}'`)
        for (const key of spec.buffers ?? []) {
          this.register_buffer(key, (options[key] as Tensor | undefined) ?? null)
        }
        Object.assign(this, options, spec.prepare?.(options))
      }

      override forward(...inputs: Inputs): Tensor {
        return spec.run(this as unknown as Completed<Options, Defaults>, ...inputs)
      }

      override extra_repr(): string {
        return spec.repr?.(this as unknown as Options) ?? ''
      }
    }
    Object.defineProperty(made, 'name', { value: name })
    type Arguments = [...Values<Options, Needed>, ...Rest<Omit<Options, Needed[number]>, RestNames>]
    type RestNames = Names extends readonly Key<Omit<Options, Needed[number]>>[] ? Names : never
    return made as unknown as FunctionLayer<Options, Inputs, Arguments>
  }

type Shown = number | boolean | string | null | undefined | readonly (number | null)[]

const show = (value: Shown): string => {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return pythonBool(value)
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : pythonFloat(value)
  if (typeof value === 'string') return value
  return `(${value.map(show).join(', ')}${value.length === 1 ? ',' : ''})`
}

/** `name=value, …` of the options by these names, as Python prints them; texts as they are. */
export const pairs = (values: Readonly<Record<string, Shown>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${show(value)}`)
    .join(', ')

/** A value as Python prints it. */
export const shown = show
