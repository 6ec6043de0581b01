/** Single values with the types of Python: a number is its float, a bigint its int. */

import { native } from '../native.js'
import { pythonBool, pythonFloat } from '../nn/python-repr.js'
import type { Tensor } from '../tensor.js'

/** A complex number. */
export interface Complex {
  re: number
  im: number
}
/** bool, int, float or complex. */
export type Scalar = boolean | bigint | number | Complex

const isComplex = (value: Scalar): value is Complex => typeof value === 'object'
const toComplex = (value: Scalar): Complex => (isComplex(value) ? value : { re: Number(value), im: 0 })

/** Python's `tensor.item()`. */
export function scalarOf(tensor: Tensor): Scalar {
  const value = native.item(tensor)
  return typeof value === 'number' && !tensor.is_floating_point() ? BigInt(value) : value
}

/** Python's `abs(a - b)`: an int for ints and bools. */
export function distance(a: Scalar, b: Scalar): bigint | number {
  if (isComplex(a) || isComplex(b)) {
    const [x, y] = [toComplex(a), toComplex(b)]
    return Math.hypot(x.re - y.re, x.im - y.im)
  }
  if (typeof a === 'number' || typeof b === 'number') return Math.abs(Number(a) - Number(b))
  const difference = BigInt(a) - BigInt(b)
  return difference < 0n ? -difference : difference
}

/** Python's `abs(value)` as a float. */
export const magnitude = (value: Scalar): number => Number(distance(value, 0n))

export const isNaNScalar = (value: Scalar): boolean =>
  isComplex(value) ? Number.isNaN(value.re) || Number.isNaN(value.im) : Number.isNaN(Number(value))

/** Python's `a == b`. */
export function equals(a: Scalar, b: Scalar): boolean {
  const [x, y] = [toComplex(a), toComplex(b)]
  if (typeof a === 'bigint' && typeof b === 'bigint') return a === b
  return x.re === y.re && x.im === y.im
}

/** Python's `str(value)`. */
export function printScalar(value: Scalar): string {
  if (typeof value === 'boolean') return pythonBool(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return pythonFloat(value)
  const part = (x: number) => pythonFloat(x).replace(/\.0$/, '')
  if (Object.is(value.re, 0)) return `${part(value.im)}j`
  const sign = value.im < 0 || Object.is(value.im, -0) ? '' : '+'
  return `(${part(value.re)}${sign}${Object.is(value.im, -0) ? '-0' : part(value.im)}j)`
}
