import { DatasetError } from '../errors.js'
import { ClassLabel } from './features.js'

/** The values of a column as labels, sorted, and the number of each. @throws DatasetError for values that can be none. */
export function labelsOf(
  column: ArrayLike<unknown>,
  name: string,
): { feature: ClassLabel; numbers: ReadonlyMap<unknown, number> } {
  const distinct = [...new Set(Array.from(column))]
  const odd = distinct.find((value) => !['string', 'number', 'boolean'].includes(typeof value))
  if (odd !== undefined) {
    throw new DatasetError(
      `column '${name}' holds ${odd === null ? 'null' : `a ${typeof odd}`}, which can be no label`,
    )
  }
  const isNumeric = distinct.every((value) => typeof value === 'number')
  distinct.sort(isNumeric ? (a, b) => Number(a) - Number(b) : undefined)
  const feature = new ClassLabel({ names: distinct.map(String) })
  return { feature, numbers: new Map(distinct.map((value, i) => [value, i])) }
}
