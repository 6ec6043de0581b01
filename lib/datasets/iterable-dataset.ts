/** A data set that is read while it is used. */

import { ArgumentError, DatasetError } from '../errors.js'
import { Dataset } from './dataset.js'
import type { Feature, Features, Row } from './features.js'
import {
  type Batch,
  type BatchFunction,
  batchSize,
  type MapFunction,
  type MapOptions,
  mapRows,
  type RowFunction,
} from './map.js'
import { NumpyGenerator } from './numpy-generator.js'

/** Begins to read from the start, each time it is called. */
export type RowSource = () => AsyncIterable<Row>

/**
 * `datasets.IterableDataset`: rows one after the other, read anew for each `for await`. Nothing is kept but what a step
 * needs: a batch for `map`, `buffer_size` rows for `shuffle`.
 */
export class IterableDataset<R extends Row = Row> implements AsyncIterable<R> {
  readonly #source: RowSource
  /** Kinds by column, where they are known before reading. */
  readonly features: Features | undefined

  /** @internal */
  constructor(source: RowSource, features?: Features) {
    this.#source = source
    this.features = features
  }

  /** @param rows called for each pass over the data set */
  static from_generator<R extends Row>(
    rows: () => AsyncIterable<R> | Iterable<R>,
    { features }: { features?: Features } = {},
  ): IterableDataset<R> {
    return new IterableDataset<R>(async function* () {
      yield* rows()
    }, features)
  }

  /** Undefined where the columns are not known before reading. */
  get column_names(): string[] | undefined {
    return this.features && Object.keys(this.features)
  }

  async *[Symbol.asyncIterator](): AsyncIterator<R> {
    yield* this.#source() as AsyncIterable<R>
  }

  #through(
    step: (rows: AsyncIterable<Row>) => AsyncIterable<Row>,
    features?: Features,
  ): IterableDataset<Row> {
    const source = this.#source
    return new IterableDataset(() => step(source()), features)
  }

  /** As `Dataset.map`, while reading; a batch of `batch_size` rows is kept. */
  map<Out extends Row = Row>(
    fn: BatchFunction<R>,
    options: MapOptions & { batched: true },
  ): IterableDataset<Out>
  map<Out extends Row = Row>(
    fn: RowFunction<R>,
    options?: MapOptions & { batched?: false },
  ): IterableDataset<Out>
  map<Out extends Row>(fn: MapFunction<R>, options: MapOptions = {}): IterableDataset<Out> {
    const size = options.batched ? batchSize(options) : 1
    const step = (rows: AsyncIterable<Row>) => mapRows(batchesOf(rows, size), fn, options)
    return this.#through(step, options.features) as IterableDataset<Out>
  }

  /** The rows that `keep` says true for. */
  filter(keep: (row: R, index: number) => boolean | Promise<boolean>): IterableDataset<R> {
    return this.#through(async function* (rows) {
      let index = 0
      for await (const row of rows) if (await keep(row as R, index++)) yield row
    }, this.features) as IterableDataset<R>
  }

  /**
   * Draws from the last `buffer_size` rows: for the same seed the order of Python's `IterableDataset.shuffle`
   * (datasets 5.2, one file).
   */
  shuffle({ seed, buffer_size = 1000 }: { seed?: number; buffer_size?: number } = {}): IterableDataset<R> {
    const size = batchSize({ batch_size: buffer_size })
    return this.#through(
      (rows) => shuffled(rows, size, new NumpyGenerator(seed)),
      this.features,
    ) as IterableDataset<R>
  }

  /** The first `n` rows; the rest is not read. */
  take(n: number): IterableDataset<R> {
    requireCount(n)
    return this.#through(async function* (rows) {
      if (n === 0) return
      let taken = 0
      for await (const row of rows) {
        yield row
        if (++taken === n) return
      }
    }, this.features) as IterableDataset<R>
  }

  /** All rows but the first `n`. */
  skip(n: number): IterableDataset<R> {
    requireCount(n)
    return this.#through(async function* (rows) {
      let skipped = 0
      for await (const row of rows) if (skipped++ >= n) yield row
    }, this.features) as IterableDataset<R>
  }

  /** Columns under other names. @throws DatasetError, where columns are known, for one that there is not. */
  rename_columns(names: Readonly<Record<string, string>>): IterableDataset<Row> {
    this.#require(Object.keys(names))
    const rename = <T>(values: Readonly<Record<string, T>>) =>
      Object.fromEntries(Object.entries(values).map(([name, value]) => [names[name] ?? name, value]))
    return this.#each(rename, this.features && rename<Feature>(this.features))
  }

  /** As `rename_columns`, of one. */
  rename_column(from: string, to: string): IterableDataset<Row> {
    return this.rename_columns({ [from]: to })
  }

  /** @throws DatasetError, where columns are known, for one that there is not. */
  remove_columns(names: string | readonly string[]): IterableDataset<Row> {
    return this.#choose([names].flat(), (name, chosen) => !chosen.has(name))
  }

  /** @throws DatasetError, where columns are known, for one that there is not. */
  select_columns(names: string | readonly string[]): IterableDataset<Row> {
    return this.#choose([names].flat(), (name, chosen) => chosen.has(name))
  }

  #choose(
    names: readonly string[],
    keep: (name: string, chosen: ReadonlySet<string>) => boolean,
  ): IterableDataset<Row> {
    this.#require(names)
    const chosen = new Set(names)
    const pick = <T>(values: Readonly<Record<string, T>>) =>
      Object.fromEntries(Object.entries(values).filter(([name]) => keep(name, chosen)))
    return this.#each(pick, this.features && pick<Feature>(this.features))
  }

  #each(change: (row: Row) => Row, features: Features | undefined): IterableDataset<Row> {
    return this.#through(async function* (rows) {
      for await (const row of rows) yield change(row)
    }, features)
  }

  #require(names: readonly string[]): void {
    const known = this.column_names
    const missing = known && names.find((name) => !known.includes(name))
    if (missing === undefined) return
    throw new DatasetError(`there is no column '${missing}': the columns are ${known?.join(', ')}`)
  }

  /** All rows in memory. */
  async toDataset(): Promise<Dataset<R>> {
    return Dataset.from_generator<R>(() => this, { features: this.features })
  }
}

function requireCount(n: number): void {
  if (!Number.isInteger(n) || n < 0) throw new ArgumentError(`a number of rows must be whole, is ${n}`)
}

async function* batchesOf(rows: AsyncIterable<Row>, size: number): AsyncGenerator<Batch> {
  let [first, batch]: [number, Row[]] = [0, []]
  const full = () => {
    const names = new Set(batch.flatMap((row) => Object.keys(row)))
    const columns = Object.fromEntries(
      Array.from(names, (name) => [name, batch.map((row) => row[name] ?? null)]),
    )
    return { first, columns, size: batch.length }
  }
  for await (const row of rows) {
    batch.push(row)
    if (batch.length < size) continue
    yield full()
    first += size
    batch = []
  }
  if (batch.length > 0) yield full()
}

// Python's BufferShuffledExamplesIterable: a full buffer is put in a new order, half of it given out.
async function* shuffled(
  rows: AsyncIterable<Row>,
  size: number,
  generator: NumpyGenerator,
): AsyncGenerator<Row> {
  let buffer: Row[] = []
  const inNewOrder = () => Array.from(generator.permutation(buffer.length), (i) => buffer[i] as Row)
  for await (const row of rows) {
    buffer.push(row)
    if (buffer.length < size) continue
    const order = inNewOrder()
    const given = size - Math.floor(size / 2)
    yield* order.slice(0, given)
    buffer = order.slice(given)
  }
  yield* inNewOrder()
}
