/** `Dataset.map` and `filter`. */

import { ArgumentError, DatasetError } from '../errors.js'
import { cachedTable } from './cache/cached-table.js'
import type { Dataset } from './dataset.js'
import { type Features, joinFeatures, type Row } from './features.js'
import { Table, TableBuilder } from './table.js'

/** Columns of some rows. */
export type Columns = Record<string, ArrayLike<unknown>>

/** What a function for `map` gives: columns, or nothing to leave the rows as they are. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is of this type
export type MapResult = object | null | undefined | void

/** Runs on a row and its number. */
export type RowFunction<R extends Row> = (row: R, index: number) => MapResult | Promise<MapResult>

/** Runs on the columns of a batch of rows and their numbers. */
export type BatchFunction<R extends Row> = (
  columns: { [Name in keyof R]: R[Name][] },
  indices: number[],
) => MapResult | Promise<MapResult>

export type MapFunction<R extends Row> = RowFunction<R> | BatchFunction<R>

/** Options of `map`, with the names and defaults of Python's `Dataset.map`. */
export interface MapOptions {
  batched?: boolean
  /** Rows in a batch. Default 1000. */
  batch_size?: number
  drop_last_batch?: boolean
  /** Columns that are not taken over; what `map` runs may make them anew. */
  remove_columns?: readonly string[]
  /** Kinds of the result's columns; default: found from the values. */
  features?: Features
  /**
   * Keeps the result on disk, under the content of the data set and this: whatever else the result depends on, such as
   * `await tokenizerFingerprint(tokenizer)` and its options. Anything that JSON can say. Default: nothing is kept.
   */
  cacheKey?: unknown
  /** Where it is kept. Default `datasets` in `ROBERTORCH_CACHE` or the system's place for caches. */
  cache_dir?: string
}

/** @internal */
export async function mapTable<R extends Row>(
  dataset: Dataset<R>,
  fn: MapFunction<R>,
  options: MapOptions,
): Promise<Table> {
  const { cacheKey, cache_dir, features, ...others } = options
  const make = async () => {
    const builder = new TableBuilder()
    for await (const row of mapRows(batchesOf(dataset, options), fn, options)) builder.add(row)
    return builder.finish(features)
  }
  const table =
    cacheKey === undefined
      ? await make()
      : await cachedTable(dataset, { cacheKey, others, fn: String(fn) }, make, cache_dir)
  return new Table(table.blocks, features ?? keepFeatures(table.features, dataset.features))
}

// Labels that `fn` has left as they were are labels still.
function keepFeatures(found: Features, before: Features): Features {
  return Object.fromEntries(
    Object.entries(found).map(([name, feature]) => {
      const old = before[name]
      return [name, (old && joinFeatures(old, feature)) ?? feature]
    }),
  )
}

/** Columns of `size` rows, and the number of the first of them. */
export interface Batch {
  readonly first: number
  readonly columns: Record<string, unknown[]>
  readonly size: number
}

function* batchesOf<R extends Row>(dataset: Dataset<R>, options: MapOptions): IterableIterator<Batch> {
  const size = batchSize(options)
  for (let first = 0; first < dataset.length; first += size) {
    const columns = dataset.slice(first, first + size)
    yield { first, columns, size: Math.min(size, dataset.length - first) }
  }
}

export function batchSize({ batch_size = 1000 }: Pick<MapOptions, 'batch_size'>): number {
  if (Number.isInteger(batch_size) && batch_size > 0) return batch_size
  throw new ArgumentError(`batch_size must be a whole number above 0, is ${batch_size}`)
}

/** @internal The rows that `fn` makes of batches. */
export async function* mapRows<R extends Row>(
  batches: AsyncIterable<Batch> | Iterable<Batch>,
  fn: MapFunction<R>,
  options: MapOptions,
): AsyncGenerator<Row> {
  const { batched = false, drop_last_batch = false } = options
  const size = batchSize(options)
  const removed = new Set(options.remove_columns)
  const run = fn as (input: unknown, index: unknown) => MapResult | Promise<MapResult>
  for await (const batch of batches) {
    if (batched && drop_last_batch && batch.size < size) continue
    if (!batched) {
      for (let i = 0; i < batch.size; i++) {
        const row = rowOf(batch.columns, i)
        const made = requireObject(await run(row, batch.first + i))
        yield { ...without(row, removed), ...made }
      }
      continue
    }
    const indices = Array.from({ length: batch.size }, (_, i) => batch.first + i)
    const result = requireObject(await run(batch.columns, indices)) as Columns
    yield* joinBatch(batch, result, removed)
  }
}

const rowOf = (columns: Readonly<Record<string, ArrayLike<unknown>>>, i: number): Row =>
  Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[i]]))

const without = (row: Row, removed: ReadonlySet<string>): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !removed.has(name)))

function requireObject(result: MapResult): Row {
  if (result === undefined || result === null) return {}
  if (typeof result === 'object' && !Array.isArray(result)) return result as Row
  throw new DatasetError('what map runs must give an object of columns', {
    hint: 'return { column: value }, or nothing to leave the row as it is',
  })
}

function* joinBatch(batch: Batch, result: Columns, removed: ReadonlySet<string>): IterableIterator<Row> {
  const made = Object.entries(result)
  const length = made[0]?.[1].length ?? batch.size
  for (const [name, values] of made) {
    if (values.length === length) continue
    throw new DatasetError(
      `map gave ${values.length} values of column '${name}' and ${length} of '${made[0]?.[0]}'`,
    )
  }
  const kept = Object.entries(batch.columns).filter(([name]) => !removed.has(name) && !(name in result))
  if (length !== batch.size && kept.length > 0) {
    throw new DatasetError(
      `map made ${length} rows of ${batch.size}, which do not fit beside column '${kept[0]?.[0]}'`,
      { hint: 'pass remove_columns: dataset.column_names' },
    )
  }
  const columns = Object.fromEntries([...kept, ...made])
  for (let i = 0; i < length; i++) yield rowOf(columns, i)
}

/** @internal */
export async function filterIndices<R extends Row>(
  dataset: Dataset<R>,
  keep: (row: R, index: number) => boolean | Promise<boolean>,
): Promise<number[]> {
  const kept: number[] = []
  for (let i = 0; i < dataset.length; i++) if (await keep(dataset.get(i), i)) kept.push(i)
  return kept
}
