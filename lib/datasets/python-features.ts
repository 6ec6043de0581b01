import { ClassLabel, type Feature, List, Value, type ValueType } from './features.js'

const types: readonly [pattern: RegExp, type: ValueType][] = [
  [/^(large_)?string$/, 'string'],
  [/^u?int(8|16|32|64)$/, 'int64'],
  [/^float(16|32|64)$/, 'float64'],
  [/^bool$/, 'bool'],
  [/^(large_)?binary$/, 'binary'],
  [/^(timestamp|date)/, 'timestamp'],
  [/^null$/, 'null'],
]

/**
 * A kind of column as Python's `datasets` writes it into Parquet files and dataset_info.json; undefined for one that has
 * no counterpart here.
 */
export function pythonFeature(written: unknown): Feature | undefined {
  if (Array.isArray(written)) return written.length === 1 ? listOf(written[0]) : undefined
  if (typeof written !== 'object' || written === null) return undefined
  const { _type, dtype, names, feature } = written as Record<string, unknown>
  switch (typeof _type === 'string' ? _type : undefined) {
    case 'Value': {
      const type = types.find(([pattern]) => pattern.test(String(dtype)))?.[1]
      return type && new Value(type)
    }
    case 'ClassLabel':
      return Array.isArray(names) && names.length > 0
        ? new ClassLabel({ names: names.map(String) })
        : undefined
    case 'List':
    case 'LargeList':
      return listOf(feature)
    case 'Sequence': {
      // In Python a Sequence of a struct is a struct of lists.
      const isStruct = typeof feature === 'object' && feature !== null && !('_type' in feature)
      return isStruct ? structOf(feature, listOf) : listOf(feature)
    }
    case undefined:
      return structOf(written, pythonFeature)
    default:
      return undefined
  }
}

function listOf(written: unknown): List | undefined {
  const inner = pythonFeature(written)
  return inner && new List(inner)
}

function structOf(written: object, read: (field: unknown) => Feature | undefined): Feature | undefined {
  const fields: Record<string, Feature> = {}
  for (const [name, field] of Object.entries(written)) {
    const feature = read(field)
    if (!feature) return undefined
    fields[name] = feature
  }
  return fields
}
