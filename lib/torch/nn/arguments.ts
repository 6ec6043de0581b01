/** Arguments as Python takes them: by position, and the rest by name in one trailing object. */

import { ArgumentError } from '../../errors.js'
import type { DeviceLike } from '../device.js'
import type { DTypeLike } from '../dtype.js'

/** Where a layer's parameters are made: keyword arguments that every layer of PyTorch takes. */
export interface Factory {
  device?: DeviceLike | null
  dtype?: DTypeLike | null
}

type Values<Named, Names extends readonly (keyof Named)[]> = {
  -readonly [I in keyof Names]: Named[Names[I]] | undefined
}
type Prefixes<Positional extends unknown[], Named> = Positional extends [...infer Fewer, unknown]
  ? [...Positional, options?: Named] | Prefixes<Fewer, Named>
  : [options?: Named]

/** `Rest<{ bias?: boolean; … }, ['bias', …]>`: any number of `Names` by position, then an object with the others. */
export type Rest<Named, Names extends readonly (keyof Named)[]> = Prefixes<Values<Named, Names>, Named>

/** Whether an argument is a trailing object of keyword arguments. */
export const isOptions = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

/**
 * Gathers a `Rest` under its names.
 *
 * @param keywordOnly names that have no position
 * @throws ArgumentError for too many arguments, an unknown name, and a name given twice.
 */
export function named<Named extends object>(
  owner: string,
  rest: readonly unknown[],
  positional: readonly (keyof Named & string)[],
  keywordOnly: readonly (keyof Named & string)[] = [],
): Named {
  const last = rest.at(-1)
  const options = isOptions(last) ? last : {}
  const byPosition = isOptions(last) ? rest.slice(0, -1) : rest
  if (byPosition.length > positional.length) {
    throw new ArgumentError(
      `${owner} takes at most ${positional.length} further positional arguments, found ${byPosition.length}`,
      { hint: `they are ${positional.join(', ') || 'none'}; pass others by name in a trailing object` },
    )
  }
  const known: readonly string[] = [...positional, ...keywordOnly]
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new ArgumentError(`${owner} got an unexpected keyword argument '${unknown}'`, {
      hint: `it takes ${known.join(', ')}`,
    })
  }
  const values = Object.fromEntries(byPosition.map((value, i) => [positional[i], value]))
  const twice = Object.keys(options).find((name) => values[name] !== undefined)
  if (twice !== undefined) throw new ArgumentError(`${owner} got '${twice}' by position and by name`)
  return { ...values, ...options } as Named
}

/** The options of a factory function (`torch.empty`) without those that were left open. */
export function factory({ device, dtype }: Factory): { device?: DeviceLike; dtype?: DTypeLike } {
  return { ...(device ? { device } : {}), ...(dtype ? { dtype } : {}) }
}
