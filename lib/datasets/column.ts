/** A block of a column: numbers and lists of numbers packed, everything else as it is. */

import { DatasetError } from '../errors.js'
import { shown } from './corrupt-row.js'
import { type Feature, featureOf, joinFeatures, List, Value } from './features.js'

type Numbers = Int32Array | Float64Array

/** Values of some rows. It can be copied to disk as it is (structured clone). */
export type Column =
  | { readonly kind: 'values'; readonly values: readonly unknown[] }
  | { readonly kind: 'numbers'; readonly values: Numbers }
  /** List i is values[starts[i]] up to values[starts[i + 1]]. */
  | { readonly kind: 'lists'; readonly values: Numbers; readonly starts: Float64Array }

/** Packs the values of a column. */
export function packColumn(values: readonly unknown[]): Column {
  if (values.length === 0) return { kind: 'values', values }
  if (values.every((value) => typeof value === 'number')) {
    return { kind: 'numbers', values: packNumbers([values]) }
  }
  if (values.every(isListOfNumbers)) {
    const starts = new Float64Array(values.length + 1)
    values.forEach((list, i) => {
      starts[i + 1] = (starts[i] as number) + list.length
    })
    return { kind: 'lists', values: packNumbers(values), starts }
  }
  return { kind: 'values', values }
}

function isListOfNumbers(value: unknown): value is ArrayLike<number> {
  if (value instanceof Int32Array || value instanceof Float64Array || value instanceof Float32Array)
    return true
  return Array.isArray(value) && value.every((element) => typeof element === 'number')
}

function packNumbers(lists: readonly ArrayLike<number>[]): Numbers {
  let [total, isWhole] = [0, true]
  for (const list of lists) {
    total += list.length
    for (let i = 0; i < list.length && isWhole; i++) {
      const value = list[i] as number
      // -0 would become 0.
      isWhole = (value | 0) === value && !Object.is(value, -0)
    }
  }
  const packed = isWhole ? new Int32Array(total) : new Float64Array(total)
  let at = 0
  for (const list of lists) {
    packed.set(list, at)
    at += list.length
  }
  return packed
}

/** A value of the column. Packed lists come as arrays, or, where asked for, as views of the column's memory. */
export function valueAt(column: Column, index: number, asViews = false): unknown {
  if (column.kind !== 'lists') return column.values[index]
  const list = column.values.subarray(column.starts[index], column.starts[index + 1])
  return asViews ? list : Array.from(list)
}

/** How many rows the block has. */
export const lengthOf = (column: Column): number =>
  column.kind === 'lists' ? column.starts.length - 1 : column.values.length

/**
 * The kind of the values.
 *
 * @param name of the column, and
 * @param first number of the first row, for the message
 * @throws DatasetError for values that have no common kind.
 */
export function columnFeature(column: Column, name: string, first: number): Feature {
  if (column.kind === 'numbers') return numbersFeature(column.values)
  if (column.kind === 'lists') return new List(numbersFeature(column.values))
  let common: Feature = new Value('null')
  column.values.forEach((value, i) => {
    const feature = featureOf(value)
    const joined = feature && joinFeatures(common, feature)
    if (!joined) {
      throw new DatasetError(
        `column '${name}' mixes kinds of values: row ${first + i} holds ${shown(value)}, unlike those before it`,
        { hint: 'bring all rows to one kind, for example with map' },
      )
    }
    common = joined
  })
  return common
}

const numbersFeature = (values: Numbers) =>
  new Value(values instanceof Int32Array || values.every(Number.isSafeInteger) ? 'int64' : 'float64')
