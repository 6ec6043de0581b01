/** What the columns of a data set hold; the names of Python's `datasets.Features`. */

import { DatasetError } from '../errors.js'

/** An example: values by column. */
export type Row = Record<string, unknown>

/** Kinds of single values. int64 and float64 are numbers (whole ones beyond 2^53 are bigint). */
export type ValueType = 'string' | 'int64' | 'float64' | 'bool' | 'binary' | 'timestamp' | 'null'

/** `datasets.Value`: one value per row, or null. */
export class Value {
  constructor(readonly dtype: ValueType) {}
}

/** `datasets.List`: a list per row, whose elements are all of one kind. */
export class List {
  constructor(readonly feature: Feature) {}
}

/** `datasets.ClassLabel`: a class by number, from 0, with names. -1 stands for a label that is not known. */
export class ClassLabel {
  readonly names: readonly string[]

  /** @throws DatasetError for names that are none or occur twice. */
  constructor({ names }: { names: readonly string[] }) {
    const twice = names.find((name, i) => names.indexOf(name) !== i)
    if (names.length === 0) throw new DatasetError('a ClassLabel needs at least one name')
    if (twice !== undefined) throw new DatasetError(`the label '${twice}' occurs twice among the names`)
    this.names = [...names]
  }

  get num_classes(): number {
    return this.names.length
  }

  /** @throws DatasetError for a name that is none of the labels. */
  str2int(name: string): number {
    const index = this.names.indexOf(name)
    if (index >= 0) return index
    throw new DatasetError(`there is no label '${name}': the labels are ${this.#shown()}`)
  }

  /** @throws DatasetError for a number that is none of the labels. */
  int2str(index: number): string {
    const name = this.names[index]
    if (name !== undefined) return name
    throw new DatasetError(`there is no label ${index}: there are ${this.num_classes}`)
  }

  /** A name or a number as the number. @throws DatasetError for what is no label. */
  encode(value: string | number): number {
    if (typeof value === 'string') return this.str2int(value)
    if (value !== -1) this.int2str(value)
    return value
  }

  #shown(): string {
    const shown = this.names.slice(0, 20).join(', ')
    return this.names.length > 20 ? `${shown}, … (${this.names.length} in all)` : shown
  }
}

/** The kind of a column; an object's is an object of kinds. */
export type Feature = Value | ClassLabel | List | { readonly [name: string]: Feature }

/** Kinds by column. */
export type Features = Readonly<Record<string, Feature>>

/** A kind in words, for messages. */
export function describeFeature(feature: Feature): string {
  if (feature instanceof Value) return feature.dtype
  if (feature instanceof ClassLabel) return `ClassLabel of ${feature.num_classes}`
  if (feature instanceof List) return `List of ${describeFeature(feature.feature)}`
  return `{ ${Object.entries(feature)
    .map(([name, inner]) => `${name}: ${describeFeature(inner)}`)
    .join(', ')} }`
}

/** The kind of values of both kinds; undefined where there is none. */
export function joinFeatures(a: Feature, b: Feature): Feature | undefined {
  if (a instanceof Value && a.dtype === 'null') return b
  if (b instanceof Value && b.dtype === 'null') return a
  if (a instanceof Value && b instanceof Value) {
    if (a.dtype === b.dtype) return a
    const numbers = ['int64', 'float64']
    return numbers.includes(a.dtype) && numbers.includes(b.dtype) ? new Value('float64') : undefined
  }
  if (a instanceof List && b instanceof List) {
    const inner = joinFeatures(a.feature, b.feature)
    return inner && new List(inner)
  }
  if (a instanceof ClassLabel || b instanceof ClassLabel) return joinLabels(a, b)
  if (a instanceof Value || b instanceof Value || a instanceof List || b instanceof List) return undefined
  const joined: Record<string, Feature> = { ...a }
  for (const [name, feature] of Object.entries(b)) {
    const both = a[name] ? joinFeatures(a[name], feature) : feature
    if (!both) return undefined
    joined[name] = both
  }
  return joined
}

// The numbers of labels are labels.
function joinLabels(a: Feature, b: Feature): Feature | undefined {
  const isWhole = (feature: Feature) => feature instanceof Value && feature.dtype === 'int64'
  if (a instanceof ClassLabel && isWhole(b)) return a
  if (b instanceof ClassLabel && isWhole(a)) return b
  if (!(a instanceof ClassLabel && b instanceof ClassLabel)) return undefined
  return a.names.join('\0') === b.names.join('\0') ? a : undefined
}

/** The kind of a value; undefined for a list whose elements have no common one, or a value that no column holds. */
export function featureOf(value: unknown): Feature | undefined {
  if (value === null || value === undefined) return new Value('null')
  if (typeof value === 'string') return new Value('string')
  if (typeof value === 'boolean') return new Value('bool')
  if (typeof value === 'bigint') return new Value('int64')
  if (typeof value === 'number') return new Value(Number.isSafeInteger(value) ? 'int64' : 'float64')
  if (value instanceof Date) return new Value('timestamp')
  if (value instanceof Uint8Array) return new Value('binary')
  if (typeof value !== 'object') return undefined
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return listFeature(value as ArrayLike<unknown>)
  const fields: Record<string, Feature> = {}
  for (const [name, inner] of Object.entries(value)) {
    const feature = featureOf(inner)
    if (!feature) return undefined
    fields[name] = feature
  }
  return fields
}

function listFeature(values: ArrayLike<unknown>): Feature | undefined {
  let common: Feature | undefined = new Value('null')
  for (let i = 0; i < values.length && common; i++) {
    const feature = featureOf(values[i])
    common = feature && joinFeatures(common, feature)
  }
  return common && new List(common)
}
