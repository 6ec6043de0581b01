/** Element types, as `torch.float32` and its siblings. */

import { DTypeError } from '../errors.js'

/** The typed array that holds elements of a dtype one to one. */
type ArrayType =
  | Float32ArrayConstructor
  | Float64ArrayConstructor
  | BigInt64ArrayConstructor
  | BigUint64ArrayConstructor
  | Int32ArrayConstructor
  | Uint32ArrayConstructor
  | Int16ArrayConstructor
  | Uint16ArrayConstructor
  | Int8ArrayConstructor
  | Uint8ArrayConstructor

/** A dtype: compare with `===`. */
export class DType {
  /**
   * @param name as in PyTorch, without `torch.`
   * @param dtypeCode `c10::ScalarType`
   * @param itemsize bytes per element
   * @param ArrayType the typed array of the same layout (float16 and bfloat16: raw bits in Uint16Array)
   */
  constructor(
    readonly name: string,
    readonly dtypeCode: number,
    readonly itemsize: number,
    readonly is_floating_point: boolean,
    readonly ArrayType: ArrayType,
  ) {
    Object.freeze(this)
  }

  get is_complex(): boolean {
    return this.name.startsWith('complex')
  }

  /** Whether there are values below 0. */
  get is_signed(): boolean {
    return this !== bool && !this.name.startsWith('uint') && this !== float8_e8m0fnu
  }

  toString(): string {
    return `torch.${this.name}`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

export const float32 = new DType('float32', 6, 4, true, Float32Array)
export const float64 = new DType('float64', 7, 8, true, Float64Array)
export const float16 = new DType('float16', 5, 2, true, Uint16Array)
export const bfloat16 = new DType('bfloat16', 15, 2, true, Uint16Array)
export const int64 = new DType('int64', 4, 8, false, BigInt64Array)
export const int32 = new DType('int32', 3, 4, false, Int32Array)
export const int16 = new DType('int16', 2, 2, false, Int16Array)
export const int8 = new DType('int8', 1, 1, false, Int8Array)
export const uint8 = new DType('uint8', 0, 1, false, Uint8Array)
export const uint16 = new DType('uint16', 27, 2, false, Uint16Array)
export const uint32 = new DType('uint32', 28, 4, false, Uint32Array)
export const uint64 = new DType('uint64', 29, 8, false, BigUint64Array)
export const bool = new DType('bool', 11, 1, false, Uint8Array)
/** Pairs of float16; raw bits here. */
export const complex32 = new DType('complex32', 8, 4, false, Uint16Array)
export const complex64 = new DType('complex64', 9, 8, false, Float32Array)
export const complex128 = new DType('complex128', 10, 16, false, Float64Array)
export const float8_e5m2 = new DType('float8_e5m2', 23, 1, true, Uint8Array)
export const float8_e4m3fn = new DType('float8_e4m3fn', 24, 1, true, Uint8Array)
export const float8_e5m2fnuz = new DType('float8_e5m2fnuz', 25, 1, true, Uint8Array)
export const float8_e4m3fnuz = new DType('float8_e4m3fnuz', 26, 1, true, Uint8Array)
/** Powers of two: scales of blocks. */
export const float8_e8m0fnu = new DType('float8_e8m0fnu', 44, 1, true, Uint8Array)

const all = [
  float32,
  float64,
  float16,
  bfloat16,
  int64,
  int32,
  int16,
  int8,
  uint8,
  uint16,
  uint32,
  uint64,
  bool,
  complex32,
  complex64,
  complex128,
  float8_e5m2,
  float8_e4m3fn,
  float8_e5m2fnuz,
  float8_e4m3fnuz,
  float8_e8m0fnu,
]

/** Second names of dtypes. */
export const dtypeAliases = {
  float: float32,
  double: float64,
  half: float16,
  long: int64,
  int: int32,
  short: int16,
  chalf: complex32,
  cfloat: complex64,
  cdouble: complex128,
}

/** A dtype, or its name with or without `torch.`. */
export type DTypeLike = DType | string

const byCode = new Map(all.map((dtype) => [dtype.dtypeCode, dtype]))
const byName = new Map(all.map((dtype) => [dtype.name, dtype]))

/** @throws DTypeError for a dtype that JavaScript code cannot name (quantized and bit types). */
export function dtypeFromCode(code: number): DType {
  const dtype = byCode.get(code)
  if (!dtype) throw new DTypeError(`the dtype with code ${code} has no name here`)
  return dtype
}

/** @throws DTypeError naming the known dtypes. */
export function resolveDType(dtype: DTypeLike): DType {
  if (dtype instanceof DType) return dtype
  const found = byName.get(String(dtype).replace(/^torch\./, ''))
  if (!found) throw new DTypeError(`'${dtype}' is no dtype; known are ${[...byName.keys()].join(', ')}`)
  return found
}
