/** Python's `start:stop:step`, as an object and in Python's own notation. */

import { ArgumentError } from '../../errors.js'

/** A bound of a slice; null is left out, as in `x[:3]`. */
export type SliceBound = number | bigint | null

/** A range of one dimension: what `torch.slice` makes. */
export class Slice {
  constructor(
    readonly start: SliceBound,
    readonly stop: SliceBound,
    readonly step: SliceBound,
  ) {
    for (const [name, value] of Object.entries({ start, stop, step })) {
      if (value !== null && typeof value !== 'bigint' && !Number.isSafeInteger(value)) {
        throw new ArgumentError(`the ${name} of a slice must be an integer or null, is ${String(value)}`)
      }
    }
    if (step !== null && Number(step) === 0) throw new ArgumentError('slice step cannot be zero')
    Object.freeze(this)
  }

  toString(): string {
    return `slice(${this.start}, ${this.stop}, ${this.step})`
  }
}

/**
 * Python's built-in `slice`, with null for None: `torch.slice(stop)`, `torch.slice(start, stop)`,
 * `torch.slice(start, stop, step)`. `x.at(torch.slice(1, null))` is `x[1:]`, which `x.at('1:')` says as well.
 *
 * @throws ArgumentError for bounds that are no integers, and for a step of 0.
 */
export function slice(stop: SliceBound): Slice
export function slice(start: SliceBound, stop: SliceBound, step?: SliceBound): Slice
export function slice(first: SliceBound, stop?: SliceBound, step: SliceBound = null): Slice {
  return stop === undefined ? new Slice(null, first, null) : new Slice(first, stop, step)
}

const notation = /^\s*(-?\d+)?\s*:\s*(-?\d+)?\s*(?::\s*(-?\d+)?\s*)?$/

/** `'1:5'`, `':'`, `'::2'`; undefined when the text is no slice. */
export function parseSlice(text: string): Slice | undefined {
  const parts = notation.exec(text)
  if (!parts) return undefined
  const bound = (part: string | undefined) => (part === undefined ? null : Number(part))
  return new Slice(bound(parts[1]), bound(parts[2]), bound(parts[3]))
}
