/** torch.finfo and torch.iinfo: the numeric limits of dtypes. */

import { DTypeError } from '../errors.js'
import type { DType } from './dtype.js'

/** What torch.finfo gives. */
export interface FloatInfo {
  readonly dtype: string
  readonly bits: number
  /** The difference between 1 and the next greater number. */
  readonly eps: number
  readonly max: number
  readonly min: number
  /** The smallest positive number with full precision. */
  readonly smallest_normal: number
  readonly tiny: number
  /** Decimal resolution. */
  readonly resolution: number
}

/** What torch.iinfo gives: bigints where a number would lose digits. */
export interface IntInfo {
  readonly dtype: string
  readonly bits: number
  readonly max: number | bigint
  readonly min: number | bigint
}

// Bits of the stored significand, exponent of the largest power of two, and of the smallest normal number.
const formats: Record<string, [significand: number, most: number, least: number, max?: number]> = {
  float16: [10, 15, -14],
  bfloat16: [7, 127, -126],
  float32: [23, 127, -126],
  float64: [52, 1023, -1022],
  float8_e5m2: [2, 15, -14],
  float8_e4m3fn: [3, 8, -6, 448], // no infinity: its place holds further numbers
}
const parts: Record<string, string> = { complex64: 'float32', complex128: 'float64' }

/** torch.finfo: limits of a floating dtype, or of the parts of a complex one. */
export function finfo(dtype: DType): FloatInfo {
  const name = parts[dtype.name] ?? dtype.name
  const format = formats[name]
  if (!format) {
    throw new DTypeError(`finfo describes floating dtypes, not ${dtype}`, { hint: 'use torch.iinfo' })
  }
  const [significand, most, least, limit] = format
  const eps = 2 ** -significand
  const max = limit ?? (2 - eps) * 2 ** most
  const smallest_normal = 2 ** least
  const resolution = Number(`1e-${Math.floor(significand * Math.log10(2))}`)
  const bits = name === dtype.name ? dtype.itemsize * 8 : dtype.itemsize * 4
  return { dtype: name, bits, eps, max, min: -max, smallest_normal, tiny: smallest_normal, resolution }
}

/** torch.iinfo: limits of a dtype of whole numbers. */
export function iinfo(dtype: DType): IntInfo {
  const { name } = dtype
  if (!/^u?int\d+$/.test(name)) {
    throw new DTypeError(`iinfo describes dtypes of whole numbers, not ${dtype}`, { hint: 'use torch.finfo' })
  }
  const bits = dtype.itemsize * 8
  const signed = !name.startsWith('u')
  const max = 2n ** BigInt(signed ? bits - 1 : bits) - 1n
  const min = signed ? -max - 1n : 0n
  const exact = (value: bigint) => (bits < 64 || value === 0n ? Number(value) : value)
  return { dtype: name, bits, max: exact(max), min: exact(min) }
}
