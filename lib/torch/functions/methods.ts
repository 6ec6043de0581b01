/** Methods and properties of Tensor that Python writes by hand, beside those of lib/torch/tensor.ts. */

import { ArgumentError } from '../../errors.js'
import { type TensorData, type TensorOptions, tensor } from '../creation.js'
import type { DType, DTypeLike } from '../dtype.js'
import * as dtypes from '../dtype.js'
import { native } from '../native.js'
import { named, type Rest } from '../nn/arguments.js'
import { operator } from '../operators.js'
import { Tensor } from '../tensor.js'
import { apply_, map_, map2_ } from './elementwise.js'
import { lu } from './lu.js'
import { norm } from './norm.js'
import { nonzero } from './positions.js'
import { properties, type TensorProperties } from './properties.js'
import { stft } from './stft.js'
import { unique, unique_consecutive } from './unique.js'

interface MemoryFormat {
  memory_format?: string
}

type Tail<F> = F extends (input: Tensor, ...rest: infer R) => unknown ? R : never

/** What this file adds to Tensor. */
export interface TensorMethods extends TensorProperties {
  /** The tensor as float32. */
  float(options?: MemoryFormat): Tensor
  /** The tensor as float64. */
  double(options?: MemoryFormat): Tensor
  /** The tensor as float16. */
  half(options?: MemoryFormat): Tensor
  bfloat16(options?: MemoryFormat): Tensor
  /** The tensor as int64; fractions are cut off. */
  long(options?: MemoryFormat): Tensor
  /** The tensor as int32. */
  int(options?: MemoryFormat): Tensor
  /** The tensor as int16. */
  short(options?: MemoryFormat): Tensor
  /** The tensor as int8. */
  char(options?: MemoryFormat): Tensor
  /** The tensor as uint8. */
  byte(options?: MemoryFormat): Tensor
  bool(options?: MemoryFormat): Tensor
  /** The tensor as complex64. */
  cfloat(options?: MemoryFormat): Tensor
  /** The tensor as complex128. */
  cdouble(options?: MemoryFormat): Tensor
  /** All dimensions in reverse order, a view. */
  readonly T: Tensor
  /** The last two dimensions exchanged, a view. */
  readonly mT: Tensor
  /** The conjugate transpose of a matrix. */
  readonly H: Tensor
  /** The conjugate transpose of the last two dimensions. */
  readonly mH: Tensor
  /** torch.norm */
  norm(...rest: Tail<typeof norm>): Tensor
  /** torch.lu */
  lu(...rest: Tail<typeof lu>): Tensor[]
  /** torch.nonzero */
  nonzero(options: { as_tuple: true }): Tensor[]
  nonzero(options?: { as_tuple?: false }): Tensor
  /** torch.stft */
  stft(n_fft: number, ...rest: unknown[]): Tensor
  /** torch.unique */
  unique(...rest: Parameters<typeof unique> extends [Tensor, ...infer R] ? R : never): Tensor | Tensor[]
  /** torch.unique_consecutive */
  unique_consecutive(
    ...rest: Parameters<typeof unique_consecutive> extends [Tensor, ...infer R] ? R : never
  ): Tensor | Tensor[]
  /** torch.split: parts of `split_size` along `dim`, or parts of the sizes listed. Views. */
  split(split_size: number | readonly number[], ...rest: Rest<{ dim?: number }, ['dim']>): Tensor[]
  /** The kind of tensor, 'torch.FloatTensor', or the tensor as another dtype. */
  type(): string
  type(dtype: DTypeLike): Tensor
  /** Elements in all. */
  nelement(): number
  /** Dimensions. */
  ndimension(): number
  /** The address of the first element: equal for views that begin at the same one. */
  data_ptr(): number
  /** Tensor.to_sparse with coordinates. */
  to_sparse_coo(): Tensor
  /** torch.polygamma: the n-th derivative of the digamma function. */
  polygamma(n: number): Tensor
  /** Each element becomes `callable(element)`; slow beside any operator. */
  apply_(...rest: Tail<typeof apply_>): Tensor
  /** Each element becomes `callable(element, element of the other)`. */
  map_(...rest: Tail<typeof map_>): Tensor
  map2_(...rest: Tail<typeof map2_>): Tensor
  /** torch.tensor with this tensor's dtype and device where none is given. */
  new_tensor(data: TensorData, options?: TensorOptions): Tensor
}

declare module '../tensor.js' {
  interface Tensor extends TensorMethods {}
}

const conversions = {
  float: dtypes.float32,
  double: dtypes.float64,
  half: dtypes.float16,
  bfloat16: dtypes.bfloat16,
  long: dtypes.int64,
  int: dtypes.int32,
  short: dtypes.int16,
  char: dtypes.int8,
  byte: dtypes.uint8,
  bool: dtypes.bool,
  cfloat: dtypes.complex64,
  cdouble: dtypes.complex128,
}

const transposes = {
  T: operator<(self: Tensor) => Tensor>('aten::numpy_T'),
  mT: operator<(self: Tensor) => Tensor>('aten::mT'),
  H: operator<(self: Tensor) => Tensor>('aten::matrix_H'),
  mH: operator<(self: Tensor) => Tensor>('aten::mH'),
}

const splitBySize = operator<(self: Tensor, size: number | bigint, dim: number) => Tensor[]>('aten::split')
const splitWithSizes =
  operator<(self: Tensor, sizes: readonly number[], dim: number) => Tensor[]>('aten::split_with_sizes')

const polygamma = operator<(n: number, self: Tensor) => Tensor>('aten::polygamma')

// Functions of torch that are methods with the same further arguments.
const asMethods = { apply_, map_, map2_, norm, lu, nonzero, stft, unique, unique_consecutive, split }

/** torch.split: parts of `split_size_or_sections` along `dim`, or parts of the sizes listed. Views. */
export function split(
  input: Tensor,
  split_size_or_sections: number | readonly number[],
  ...rest: Rest<{ dim?: number }, ['dim']>
): Tensor[]
export function split(input: Tensor, ...rest: unknown[]): Tensor[] {
  type Options = { split_size_or_sections?: unknown; split_size?: unknown; dim?: number }
  const options = named<Options>('split()', rest, ['split_size_or_sections', 'dim'], ['split_size'])
  const { dim = 0, split_size, split_size_or_sections: parts = split_size } = options
  if (Array.isArray(parts)) return splitWithSizes(input, parts, dim)
  if (typeof parts === 'number' || typeof parts === 'bigint') return splitBySize(input, parts, dim)
  throw new ArgumentError(`split takes a size or a list of sizes, not ${String(parts)}`)
}

const typeNames: Record<string, string> = {
  float32: 'Float',
  float64: 'Double',
  float16: 'Half',
  bfloat16: 'BFloat16',
  int64: 'Long',
  int32: 'Int',
  int16: 'Short',
  int8: 'Char',
  uint8: 'Byte',
  bool: 'Bool',
  complex64: 'ComplexFloat',
  complex128: 'ComplexDouble',
}

function dtypeOfTypeName(name: string): DTypeLike {
  const short = /^torch\.(?:cuda\.)?(\w+)Tensor$/.exec(name)?.[1]
  return Object.keys(typeNames).find((dtype) => typeNames[dtype] === short) ?? name
}

const methods: Record<string, (this: Tensor, ...args: never[]) => unknown> = {
  type(this: Tensor, dtype?: DTypeLike): string | Tensor {
    if (dtype !== undefined) return this.to(typeof dtype === 'string' ? dtypeOfTypeName(dtype) : dtype)
    const place = this.device.type === 'cpu' ? '' : `${this.device.type}.`
    return `torch.${place}${typeNames[this.dtype.name] ?? this.dtype.name}Tensor`
  },
  nelement(this: Tensor): number {
    return this.numel()
  },
  ndimension(this: Tensor): number {
    return this.dim()
  },
  data_ptr(this: Tensor): number {
    return native.dataPointer(this)
  },
  to_sparse_coo(this: Tensor): Tensor {
    return this.to_sparse()
  },
  polygamma(this: Tensor, n: number): Tensor {
    return polygamma(n, this)
  },
  new_tensor(this: Tensor, data: TensorData, options: TensorOptions = {}): Tensor {
    return tensor(data, { dtype: this.dtype, device: this.device, ...options })
  },
}
for (const [name, dtype] of Object.entries(conversions) as [string, DType][]) {
  methods[name] = function (this: Tensor, options: MemoryFormat = {}) {
    return this.to({ dtype, ...options })
  }
}
for (const [name, call] of Object.entries(asMethods)) {
  methods[name] = function (this: Tensor, ...rest: never[]) {
    return (call as (...args: unknown[]) => unknown)(this, ...rest)
  }
}

const getters: Record<string, (tensor: Tensor) => unknown> = { ...transposes, ...properties }

/** Names that are written by hand here, so that no operator type is generated for them. */
export const handwrittenTensorMethods: readonly string[] = [...Object.keys(methods), ...Object.keys(getters)]

for (const [name, value] of Object.entries(methods)) {
  Object.defineProperty(value, 'name', { value: name })
  Object.defineProperty(Tensor.prototype, name, { value, configurable: true, writable: true })
}
for (const [name, get] of Object.entries(getters)) {
  Object.defineProperty(Tensor.prototype, name, {
    configurable: true,
    get(this: Tensor) {
      return get(this)
    },
  })
}
