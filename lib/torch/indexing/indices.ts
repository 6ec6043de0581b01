/** What may stand between the brackets of Python's `x[…]`. */

import { IndexError } from '../../errors.js'
import { type TensorData, tensor } from '../creation.js'
import { int64 } from '../dtype.js'
import { native } from '../native.js'
import type { Tensor } from '../tensor.js'
import { parseSlice, Slice } from './slice.js'

/**
 * One index:
 * - a whole number picks an element and drops the dimension; negative ones count from the end
 * - `'1:5'`, `':'`, `'::2'` or `torch.slice(1, 5)` take a range, a view
 * - `'...'` stands for all dimensions that no other index names, `null` makes a new one
 * - a boolean makes a new dimension of size 1 (true) or 0 (false)
 * - an integer tensor or a list of integers gathers, a boolean tensor or list of booleans masks
 */
export type TensorIndex = number | bigint | boolean | null | string | Slice | Tensor | TensorData

/** Indices in the form that native code takes. @throws IndexError naming what cannot be one. */
export function nativeIndices(indices: readonly TensorIndex[]): readonly unknown[] {
  return indices.map(nativeIndex)
}

function nativeIndex(index: TensorIndex): unknown {
  switch (typeof index) {
    case 'number':
      if (!Number.isSafeInteger(index)) throw invalid(String(index))
      return index
    case 'bigint':
    case 'boolean':
      return index
    case 'string': {
      if (index === '...') return index
      const range = parseSlice(index)
      if (range === undefined) throw invalid(`'${index}'`)
      return range
    }
    case 'object':
      if (index === null || index instanceof Slice || native.isTensor(index)) return index
      if (Array.isArray(index) || ArrayBuffer.isView(index)) return listIndex(index as TensorData)
  }
  throw invalid(index === undefined ? 'undefined' : Object.prototype.toString.call(index))
}

// Python reads an empty list as integers, torch.tensor as floats.
const listIndex = (list: TensorData) =>
  tensor(list, Array.isArray(list) && list.flat(Infinity).length === 0 ? { dtype: int64 } : {})

const invalid = (what: string) =>
  new IndexError(`${what} is no index`, {
    hint: "indices are integers, slices ('1:5', torch.slice(1, 5)), '...', null, booleans, lists and tensors of integers or booleans",
  })
