/** Tensors from JavaScript values. */

import { isAnyArrayBuffer } from 'node:util/types'

import { ArgumentError, DTypeError, ShapeError } from '../errors.js'
import type { DeviceLike } from './device.js'
import * as dtypes from './dtype.js'
import { type DType, type DTypeLike, resolveDType } from './dtype.js'
import { native } from './native.js'
import { get_default_dtype } from './settings.js'
import type { Tensor } from './tensor.js'

/** Typed arrays whose elements a tensor can hold. */
export type TypedArray =
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray

/** Memory of JavaScript's. */
export type BufferLike = ArrayBuffer | SharedArrayBuffer | ArrayBufferView

/** What `torch.tensor` takes: a value, nested arrays of values, or a typed array. */
export type TensorData = number | bigint | boolean | TypedArray | readonly TensorData[]

export interface TensorOptions {
  dtype?: DTypeLike
  device?: DeviceLike
  requires_grad?: boolean
}

const dtypeOfArray = new Map<string, DType>([
  ['Float32Array', dtypes.float32],
  ['Float64Array', dtypes.float64],
  ['BigInt64Array', dtypes.int64],
  ['BigUint64Array', dtypes.uint64],
  ['Int32Array', dtypes.int32],
  ['Uint32Array', dtypes.uint32],
  ['Int16Array', dtypes.int16],
  ['Uint16Array', dtypes.uint16],
  ['Int8Array', dtypes.int8],
  ['Uint8Array', dtypes.uint8],
  ['Uint8ClampedArray', dtypes.uint8],
  ['Float16Array', dtypes.float16],
])

/** The dtype of a typed array's elements (a Buffer is one of bytes); undefined for anything else. */
export const dtypeOf = (value: unknown): DType | undefined =>
  ArrayBuffer.isView(value) ? dtypeOfArray.get(Reflect.get(value, Symbol.toStringTag)) : undefined

const isTypedArray = (value: unknown): value is TypedArray => dtypeOf(value) !== undefined

/** The memory that a buffer or view covers. @throws ArgumentError for a detached buffer and for what is none. */
export function bytesOf(buffer: BufferLike): Uint8Array {
  try {
    if (ArrayBuffer.isView(buffer)) return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    if (isAnyArrayBuffer(buffer)) return new Uint8Array(buffer)
  } catch (cause) {
    throw new ArgumentError('the buffer is detached: its memory was transferred elsewhere', { cause })
  }
  throw new ArgumentError(
    'the buffer must be an ArrayBuffer, a SharedArrayBuffer, a typed array or a DataView',
  )
}

/**
 * A tensor of the typed array's dtype (Float32Array float32, BigInt64Array int64, Float16Array float16, …). The data is
 * copied, row-major; `torch.frombuffer` shares it. Raw bits of bfloat16:
 * `torch.fromTypedArray(new Uint16Array(bits)).view(torch.bfloat16)`.
 *
 * @throws ShapeError when the shape does not hold exactly the data's elements.
 */
export function fromTypedArray(data: TypedArray, shape: readonly number[] = [data.length]): Tensor {
  const dtype = dtypeOf(data)
  if (!dtype) throw new ArgumentError('data must be a typed array of numbers or bigints')
  return native.fromBytes(bytesOf(data), shape, dtype)
}

/**
 * torch.tensor: a new tensor with the values of `data`. Numbers that are all whole become int64, otherwise the default
 * dtype, float32;
 * bigints int64; booleans bool; a typed array keeps its type; `dtype` decides when given.
 *
 * @throws ShapeError for ragged arrays, ArgumentError for values that are no numbers, DTypeError.
 */
export function tensor(data: TensorData, options: TensorOptions = {}): Tensor {
  if (data instanceof Object && native.isTensor(data)) {
    throw new ArgumentError('torch.tensor takes numbers, not a Tensor', {
      hint: 'use tensor.clone().detach()',
    })
  }
  let result: Tensor
  if (isTypedArray(data)) {
    result = fromTypedArray(data)
  } else {
    const shape: number[] = []
    const values: (number | bigint | boolean)[] = []
    flatten(data, 0, shape, values)
    result = fromValues(
      values,
      shape,
      options.dtype === undefined ? inferDType(values) : resolveDType(options.dtype),
    )
  }
  if (options.dtype !== undefined || options.device !== undefined) {
    result = result.to({ dtype: options.dtype, device: options.device })
  }
  return options.requires_grad ? result.requires_grad_() : result
}

// That of PyTorch's own list reader and printer.
const maxDimensions = 64

function flatten(
  data: TensorData,
  depth: number,
  shape: number[],
  values: (number | bigint | boolean)[],
): void {
  if (Array.isArray(data)) {
    if (depth === maxDimensions) {
      throw new ShapeError(`the lists are nested more than ${maxDimensions} deep, or one holds itself`)
    }
    if (shape.length === depth) {
      if (values.length > 0) throw ragged(depth)
      shape.push(data.length)
    } else if (shape[depth] !== data.length) {
      throw new ShapeError(
        `expected a list of ${shape[depth]} at depth ${depth}, found one of ${data.length}`,
      )
    }
    for (const element of data) flatten(element, depth + 1, shape, values)
    return
  }
  if (isTypedArray(data)) {
    flatten(Array.from(data as ArrayLike<number | bigint>), depth, shape, values)
    return
  }
  if (typeof data !== 'number' && typeof data !== 'bigint' && typeof data !== 'boolean') {
    throw new ArgumentError(
      `a tensor holds numbers, bigints or booleans, found ${data === null ? 'null' : `a ${typeof data}`}`,
    )
  }
  if (shape.length !== depth) throw ragged(depth)
  values.push(data)
}

const ragged = (depth: number) =>
  new ShapeError(`numbers and lists stand beside each other at depth ${depth}: the data is ragged`)

function inferDType(values: readonly (number | bigint | boolean)[]): DType {
  if (values.length === 0) return get_default_dtype()
  if (values.every((value) => typeof value === 'boolean')) return dtypes.bool
  return values.every((value) => typeof value !== 'number' || Number.isInteger(value))
    ? dtypes.int64
    : get_default_dtype()
}

function fromValues(values: readonly (number | bigint | boolean)[], shape: number[], dtype: DType): Tensor {
  // Half types have no typed array of numbers: through float32, which holds each of their values.
  const carrier = dtype === dtypes.float16 || dtype === dtypes.bfloat16 ? dtypes.float32 : dtype
  if (carrier.ArrayType === Uint8Array && carrier.is_floating_point) {
    throw new DTypeError(`torch.tensor cannot make ${dtype} from numbers`, {
      hint: 'make float32 and call .to(dtype)',
    })
  }
  const wide = carrier.ArrayType === BigInt64Array || carrier.ArrayType === BigUint64Array
  const array = new carrier.ArrayType(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number | bigint | boolean
    if (wide) array[i] = typeof value === 'bigint' ? value : BigInt(Math.trunc(finite(Number(value), dtype)))
    else array[i] = carrier === dtypes.bool ? Number(Boolean(value)) : Number(value)
  }
  return native.fromBytes(array, shape, carrier).to({ dtype })
}

function finite(value: number, dtype: DType): number {
  if (Number.isFinite(value)) return value
  throw new ArgumentError(`${value} has no value in ${dtype}`)
}
