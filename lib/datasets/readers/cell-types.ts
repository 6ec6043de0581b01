/** The cells of a CSV file as values. */

import { DatasetError, type RowPlace } from '../../errors.js'
import { corruptRow, shown } from '../corrupt-row.js'
import { encodeValue } from '../encode.js'
import { ClassLabel, describeFeature, type Feature, type Features, Value } from '../features.js'

const WHOLE = /^[+-]?\d+$/
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const TRUTH = /^(?:true|false)$/i

/**
 * The kind of each column, undefined for one that `features` leaves out.
 *
 * @throws DatasetError for a column of `features` that the file does not have.
 */
export function columnTypes(
  names: readonly string[],
  sample: readonly (readonly string[])[],
  features: Features | undefined,
  file: string,
): (Feature | undefined)[] {
  if (!features) return names.map((_, i) => cellType(sample.map((cells) => cells[i] ?? '')))
  const missing = Object.keys(features).find((name) => !names.includes(name))
  if (missing !== undefined) {
    throw new DatasetError(`${file} has no column '${missing}': its columns are ${names.join(', ')}`)
  }
  return names.map((name) => features[name])
}

// What a number cannot hold exactly, such as a long id, stays text.
const isNumber = (cell: string) =>
  WHOLE.test(cell) ? Number.isSafeInteger(Number(cell)) : NUMBER.test(cell) && Number.isFinite(Number(cell))

function cellType(cells: readonly string[]): Value {
  const filled = cells.filter((cell) => cell !== '')
  if (filled.length === 0) return new Value('string')
  if (filled.every(isNumber)) return new Value(filled.every((cell) => WHOLE.test(cell)) ? 'int64' : 'float64')
  return new Value(filled.every((cell) => TRUTH.test(cell)) ? 'bool' : 'string')
}

/** @throws CorruptRowError for a cell that is not of the kind. */
export function castCell(cell: string, type: Feature, place: RowPlace): unknown {
  if (type instanceof ClassLabel) {
    if (cell === '') return null
    const isName = type.names.includes(cell)
    return encodeValue(isName || !WHOLE.test(cell) ? cell : Number(cell), type, place)
  }
  if (!(type instanceof Value)) {
    throw corruptRow(place, `a cell of a CSV file cannot hold a ${describeFeature(type)}`)
  }
  if (type.dtype === 'string') return cell
  if (cell === '') return null
  if (type.dtype === 'int64' && WHOLE.test(cell) && isNumber(cell)) return Number(cell)
  if (type.dtype === 'float64' && isNumber(cell)) return Number(cell)
  if (type.dtype === 'bool' && TRUTH.test(cell)) return cell.toLowerCase() === 'true'
  const hint = `pass features with new Value('string') for this column, or repair the file`
  throw corruptRow(
    place,
    `${shown(cell)} is no ${type.dtype}, as the column's first cells are`,
    undefined,
    hint,
  )
}
