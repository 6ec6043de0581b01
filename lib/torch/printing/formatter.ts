/** The common format of a tensor's elements: after `_Formatter` of torch/_tensor_str.py. */

import { fixed, scientific } from './numbers.js'
import type { PrintOptions } from './options.js'

export type Value = number | bigint | boolean

/** How each element is written, and how wide. */
export interface Formatter {
  width: number
  format(value: Value): string
}

const python = (value: Value) => (typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value))

/** Integers and booleans: as wide as the widest. */
export function integerFormatter(values: readonly Value[]): Formatter {
  const width = widest(values.map(python))
  return { width, format: (value) => python(value).padStart(width) }
}

/** Floats: whole numbers as `1.`, others with a fixed number of digits, far apart ones with exponents. */
export function floatFormatter(values: readonly number[], options: PrintOptions): Formatter {
  const { precision } = options
  const counted = values.filter((value) => Number.isFinite(value) && value !== 0)
  const sizes = counted.map(Math.abs)
  const max = sizes.reduce((a, b) => Math.max(a, b), 0)
  const min = sizes.reduce((a, b) => Math.min(a, b), Infinity)
  const whole = counted.every(Number.isInteger)
  const apart = max / min > 1000 || max > 1e8 || min < 1e-4
  const exponents = counted.length > 0 && (options.sci_mode ?? apart)
  const write = (value: number): string => {
    if (exponents) return scientific(value, precision)
    if (!whole) return fixed(value, precision)
    return Number.isFinite(value) ? `${fixed(value, 0)}.` : fixed(value, 0)
  }
  // Python leaves zeros, infinities and nan out of the width.
  const width = widest(counted.map(write))
  return { width, format: (value) => write(Number(value)).padStart(width) }
}

const widest = (texts: readonly string[]) => texts.reduce((width, text) => Math.max(width, text.length), 1)
