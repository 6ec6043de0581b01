/** NumPy's scalars and arrays in a pickle: numbers and tensors. Arrays of objects hold code and are refused. */

import * as dtypes from '../../dtype.js'
import { numpyDType } from '../numpy-dtypes.js'
import { Callable, Instance, Tuple } from './values.js'

/** numpy.dtype, and its byte order, which comes as state. */
export class NumpyDType extends Instance {
  bigEndian = false

  constructor(readonly dtype: dtypes.DType) {
    super()
  }

  // (version, byte order, …)
  build(state: unknown): true | undefined {
    if (!(state instanceof Tuple) || typeof state.items[1] !== 'string') return undefined
    this.bigEndian = state.items[1] === '>'
    return true
  }
}

/** numpy.ndarray. */
export class NumpyArray extends Instance {
  shape: number[] = []
  dtype = new NumpyDType(dtypes.float64)
  fortran = false
  data = new Uint8Array(0)

  // (version, shape, dtype, Fortran order, bytes)
  build(state: unknown): true | undefined {
    if (!(state instanceof Tuple)) return undefined
    const [, shape, dtype, fortran, data] = state.items
    if (!(shape instanceof Tuple && dtype instanceof NumpyDType && data instanceof Uint8Array))
      return undefined
    const sizes = shape.items.filter(
      (size): size is number => Number.isSafeInteger(size) && Number(size) >= 0,
    )
    const bytes = sizes.reduce((product, size) => product * size, dtype.dtype.itemsize)
    if (sizes.length !== shape.items.length || sizes.length > 64 || bytes !== data.length) return undefined
    Object.assign(this, { shape: sizes, dtype, fortran: fortran === true, data })
    return true
  }
}

function scalar([type, data]: readonly unknown[]): unknown {
  if (!(type instanceof NumpyDType && data instanceof Uint8Array)) return undefined
  if (data.length !== type.dtype.itemsize) return undefined
  const { dtype } = type
  const bytes = type.bigEndian ? data.toReversed() : data
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (dtype === dtypes.bool) return view.getUint8(0) !== 0
  if (dtype === dtypes.float64) return view.getFloat64(0, true)
  if (dtype === dtypes.float32) return view.getFloat32(0, true)
  if (dtype === dtypes.int64 || dtype === dtypes.uint64) {
    const value = dtype === dtypes.int64 ? view.getBigInt64(0, true) : view.getBigUint64(0, true)
    return Number.isSafeInteger(Number(value)) ? Number(value) : value
  }
  if (dtype === dtypes.int32) return view.getInt32(0, true)
  if (dtype === dtypes.uint32) return view.getUint32(0, true)
  if (dtype === dtypes.int16) return view.getInt16(0, true)
  if (dtype === dtypes.uint16) return view.getUint16(0, true)
  if (dtype === dtypes.int8) return view.getInt8(0)
  if (dtype === dtypes.uint8) return view.getUint8(0)
  return undefined
}

const ndarray = new Callable('numpy.ndarray', () => undefined)

const both = (name: string, call: (args: readonly unknown[]) => unknown) =>
  // NumPy 2 renamed its modules; files of both are about.
  ['numpy.core.multiarray', 'numpy._core.multiarray'].map((module) => new Callable(`${module}.${name}`, call))

export const numpyFunctions: readonly Callable[] = [
  ndarray,
  new Callable('numpy.dtype', ([code]) => {
    const dtype = typeof code === 'string' ? numpyDType(code.replace(/^[<>=|]/, '')) : undefined
    return dtype && Object.assign(new NumpyDType(dtype), { bigEndian: String(code).startsWith('>') })
  }),
  ...both('_reconstruct', ([type]) => (type === ndarray ? new NumpyArray() : undefined)),
  ...both('scalar', scalar),
]
