/** torch.finfo and torch.iinfo: the limits of dtypes. */

import { DTypeError } from '../errors.js'
import * as dtypes from './dtype.js'
import { bool, type DType, type DTypeLike, resolveDType } from './dtype.js'
import { get_default_dtype } from './settings.js'

/** What torch.finfo tells about a floating-point dtype. */
export interface FloatInfo {
  readonly dtype: string
  readonly bits: number
  /** The step from 1 to the next number. */
  readonly eps: number
  readonly max: number
  readonly min: number
  /** The smallest positive number of full precision. */
  readonly smallest_normal: number
  /** `smallest_normal` under its old name. */
  readonly tiny: number
  /** The decimal precision: 10 to the power of minus the digits that always survive. */
  readonly resolution: number
}

/** What torch.iinfo tells about an integer dtype. */
export interface IntInfo {
  readonly dtype: string
  readonly bits: number
  /** A bigint for 64 bits. */
  readonly max: number | bigint
  readonly min: number | bigint
}

// eps, max, smallest normal, resolution
const limits = new Map<DType, readonly [number, number, number, number]>([
  [dtypes.float64, [2 ** -52, Number.MAX_VALUE, 2 ** -1022, 1e-15]],
  [dtypes.float32, [2 ** -23, (2 - 2 ** -23) * 2 ** 127, 2 ** -126, 1e-6]],
  [dtypes.bfloat16, [2 ** -7, (2 - 2 ** -7) * 2 ** 127, 2 ** -126, 1e-2]],
  [dtypes.float16, [2 ** -10, 65504, 2 ** -14, 1e-3]],
  [dtypes.float8_e5m2, [2 ** -2, 57344, 2 ** -14, 1]],
  [dtypes.float8_e4m3fn, [2 ** -3, 448, 2 ** -6, 1]],
  [dtypes.float8_e5m2fnuz, [2 ** -3, 57344, 2 ** -15, 1]],
  [dtypes.float8_e4m3fnuz, [2 ** -3, 240, 2 ** -7, 1]],
  [dtypes.float8_e8m0fnu, [1, 2 ** 127, 2 ** -127, 1]],
])

const partsOfComplex = new Map([
  [dtypes.complex32, dtypes.float16],
  [dtypes.complex64, dtypes.float32],
  [dtypes.complex128, dtypes.float64],
])

/**
 * torch.finfo: limits of a floating-point dtype, or of a complex one's parts; without a dtype, of the default one.
 *
 * @throws DTypeError for integers and booleans.
 */
export function finfo(dtype: DTypeLike = get_default_dtype()): FloatInfo {
  const given = resolveDType(dtype)
  const real = partsOfComplex.get(given) ?? given
  const found = limits.get(real)
  if (found === undefined) {
    throw new DTypeError(`torch.finfo takes a floating-point dtype, not ${given}`, {
      hint: 'use torch.iinfo',
    })
  }
  const [eps, max, smallest_normal, resolution] = found
  return Object.freeze({
    dtype: real.name,
    bits: real.itemsize * 8,
    eps,
    max,
    min: real.is_signed ? -max : smallest_normal,
    smallest_normal,
    tiny: smallest_normal,
    resolution,
  })
}

/**
 * torch.iinfo: limits of an integer dtype.
 *
 * @throws DTypeError for other dtypes.
 */
export function iinfo(dtype: DTypeLike): IntInfo {
  const given = resolveDType(dtype)
  if (given.is_floating_point || given.is_complex || given === bool) {
    throw new DTypeError(`torch.iinfo takes an integer dtype, not ${given}`, { hint: 'use torch.finfo' })
  }
  const bits = given.itemsize * 8
  const exponent = BigInt(given.is_signed ? bits - 1 : bits)
  const max = 2n ** exponent - 1n
  const min = given.is_signed ? -(2n ** exponent) : 0n
  const narrow = (value: bigint) => (bits < 64 ? Number(value) : value)
  return Object.freeze({ dtype: given.name, bits, max: narrow(max), min: narrow(min) })
}
