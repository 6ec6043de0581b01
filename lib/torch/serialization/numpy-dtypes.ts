/** NumPy's type codes: kind and bytes, `f4`. */

import * as dtypes from '../dtype.js'

const codes = new Map([
  ['b1', dtypes.bool],
  ['i1', dtypes.int8],
  ['i2', dtypes.int16],
  ['i4', dtypes.int32],
  ['i8', dtypes.int64],
  ['u1', dtypes.uint8],
  ['u2', dtypes.uint16],
  ['u4', dtypes.uint32],
  ['u8', dtypes.uint64],
  ['f2', dtypes.float16],
  ['f4', dtypes.float32],
  ['f8', dtypes.float64],
  ['c8', dtypes.complex64],
  ['c16', dtypes.complex128],
])

export const numpyDType = (code: string): dtypes.DType | undefined => codes.get(code)

export const numpyCode = (dtype: dtypes.DType): string | undefined =>
  [...codes].find(([, known]) => known === dtype)?.[0]
