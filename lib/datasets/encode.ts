import type { RowPlace } from '../errors.js'
import { corruptRow, shown } from './corrupt-row.js'
import {
  ClassLabel,
  describeFeature,
  type Feature,
  type Features,
  featureOf,
  joinFeatures,
  List,
  Value,
} from './features.js'

/**
 * A value as its column keeps it: names of labels become their numbers.
 *
 * @throws CorruptRowError for an unknown label or a value of another kind.
 */
export function encodeValue(value: unknown, feature: Feature, place: RowPlace): unknown {
  if (value === null || value === undefined) return null
  if (feature instanceof ClassLabel) {
    if (typeof value !== 'string' && typeof value !== 'number') throw misfit(value, feature, place)
    try {
      return feature.encode(value)
    } catch (error) {
      throw corruptRow(place, (error as Error).message, error)
    }
  }
  if (feature instanceof List) {
    if (!Array.isArray(value) && !(ArrayBuffer.isView(value) && !(value instanceof DataView))) {
      throw misfit(value, feature, place)
    }
    return Array.from(value as ArrayLike<unknown>, (element) => encodeValue(element, feature.feature, place))
  }
  const found = featureOf(value)
  if (feature instanceof Value) {
    const joined = found && joinFeatures(feature, found)
    const isKept = joined instanceof Value && joined.dtype === feature.dtype
    if (!isKept) throw misfit(value, feature, place)
    return value
  }
  if (!found || found instanceof Value || found instanceof List) throw misfit(value, feature, place)
  const fields = value as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(feature).map(([name, inner]) => [
      name,
      encodeValue(fields[name], inner as Feature, { ...place, column: `${place.column}.${name}` }),
    ]),
  )
}

const misfit = (value: unknown, feature: Feature, place: RowPlace) =>
  corruptRow(place, `${shown(value)} is no ${describeFeature(feature)}`)

/** The columns of a row that have a kind, encoded; others are left out, as Python does. */
export function encodeRow(
  row: Readonly<Record<string, unknown>>,
  features: Features,
  place: RowPlace,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(features).map(([column, feature]) => [
      column,
      encodeValue(row[column], feature, { ...place, column }),
    ]),
  )
}
