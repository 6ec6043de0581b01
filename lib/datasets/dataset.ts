/** A data set in memory. */

import { ArgumentError, DatasetError, IndexError } from '../errors.js'
import { encodeRow, encodeValue } from './encode.js'
import type { Feature, Features, Row } from './features.js'
import { labelsOf } from './labels-of.js'
import {
  type BatchFunction,
  filterIndices,
  type MapFunction,
  type MapOptions,
  mapTable,
  type RowFunction,
} from './map.js'
import { NumpyGenerator } from './numpy-generator.js'
import { type SplitOptions, splitSizes } from './split-sizes.js'
import { type Table, TableBuilder, tableOfColumns } from './table.js'

/** How rows and columns come out: numbers as JavaScript's own values, or lists of numbers as typed arrays. */
export type Format = 'numpy' | undefined

interface Parts {
  table: Table
  /** Rows of the table, in the order of the data set; undefined: all as they are. */
  indices?: Uint32Array
  format?: Format
}

/**
 * `datasets.Dataset`: rows by number, columns by name. What changes it gives a new data set; rows are never copied for
 * that, columns only by `map`. It goes into a `DataLoader` as it is.
 */
export class Dataset<R extends Row = Row> implements Iterable<R> {
  readonly #table: Table
  readonly #indices: Uint32Array | undefined
  readonly #format: Format

  /** @internal */
  constructor({ table, indices, format }: Parts) {
    this.#table = table
    this.#indices = indices
    this.#format = format
  }

  /** Of a list of rows. @throws DatasetError for columns that mix kinds, or that do not fit `features`. */
  static from_list<R extends Row>(
    rows: readonly R[],
    { features }: { features?: Features } = {},
  ): Dataset<R> {
    const builder = new TableBuilder()
    rows.forEach((row, i) => {
      builder.add(features ? encodeRow(row, features, { file: 'from_list', row: i + 1 }) : row)
    })
    return new Dataset<R>({ table: builder.finish(features) })
  }

  /** Of columns of the same length. @throws DatasetError as `from_list` */
  static from_dict<R extends Row = Row>(
    columns: Readonly<Record<string, ArrayLike<unknown>>>,
    { features }: { features?: Features } = {},
  ): Dataset<R> {
    const encoded = Object.entries(columns).map(([name, values]) => {
      const feature = features?.[name]
      const place = (i: number) => ({ file: 'from_dict', row: i + 1, column: name })
      return [
        name,
        feature ? Array.from(values, (value, i) => encodeValue(value, feature, place(i))) : values,
      ]
    })
    return new Dataset<R>({ table: tableOfColumns(Object.fromEntries(encoded), features) })
  }

  /** Of all rows of a stream. @throws DatasetError as `from_list` */
  static async from_generator<R extends Row>(
    rows: () => AsyncIterable<R> | Iterable<R>,
    { features }: { features?: Features } = {},
  ): Promise<Dataset<R>> {
    const builder = new TableBuilder()
    for await (const row of rows()) builder.add(row)
    return new Dataset<R>({ table: builder.finish(features) })
  }

  get length(): number {
    return this.#indices?.length ?? this.#table.length
  }

  /** As `length`. */
  get num_rows(): number {
    return this.length
  }

  get column_names(): string[] {
    return Object.keys(this.#table.features)
  }

  get num_columns(): number {
    return this.column_names.length
  }

  /** Kinds by column. */
  get features(): Features {
    return this.#table.features
  }

  #row(index: number): number {
    const at = index < 0 ? this.length + index : index
    if (!Number.isInteger(at) || at < 0 || at >= this.length) {
      throw new IndexError(`row ${index} does not exist: the data set has ${this.length}`)
    }
    return this.#indices ? (this.#indices[at] as number) : at
  }

  /** Row by number, from the end where it is negative. @throws IndexError for one that there is not. */
  get(index: number): R {
    return this.#table.row(this.#row(index), this.column_names, this.#format === 'numpy') as R
  }

  /** Rows `start` to `end`, without it, as columns. */
  slice(start: number, end: number): Record<string, unknown[]> {
    const rows = Array.from({ length: Math.max(0, Math.min(end, this.length) - start) }, (_, i) =>
      this.#row(start + i),
    )
    const values = (name: string) => rows.map((row) => this.#table.value(name, row, this.#format === 'numpy'))
    return Object.fromEntries(this.column_names.map((name) => [name, values(name)]))
  }

  /**
   * All values of a column; with the format 'numpy' numbers come as a `Float64Array`, or where all are whole numbers of
   * 32 bits as an `Int32Array`.
   *
   * @throws DatasetError for a column that there is not.
   */
  column(name: string): unknown[] | Int32Array | Float64Array {
    this.#require([name])
    const asViews = this.#format === 'numpy'
    const values = Array.from({ length: this.length }, (_, i) =>
      this.#table.value(name, this.#row(i), asViews),
    )
    if (!asViews || !values.every((value) => typeof value === 'number')) return values
    return values.every((value) => (value | 0) === value)
      ? Int32Array.from(values)
      : Float64Array.from(values)
  }

  *[Symbol.iterator](): Iterator<R> {
    for (let i = 0; i < this.length; i++) yield this.get(i)
  }

  /** Batches of rows as columns. */
  *iter({ batch_size }: { batch_size: number }): IterableIterator<Record<string, unknown[]>> {
    for (let i = 0; i < this.length; i += batch_size) yield this.slice(i, i + batch_size)
  }

  #with(parts: Partial<Parts>): Dataset<Row> {
    return new Dataset({ table: this.#table, indices: this.#indices, format: this.#format, ...parts })
  }

  /** The rows of these numbers, in this order. @throws IndexError for one that there is not. */
  select(indices: Iterable<number>): Dataset<R> {
    return this.#with({ indices: Uint32Array.from(indices, (index) => this.#row(index)) }) as Dataset<R>
  }

  /** The first `n` rows, or all where there are fewer. */
  take(n: number): Dataset<R> {
    return this.select(Array.from({ length: Math.min(n, this.length) }, (_, i) => i))
  }

  /** All rows but the first `n`. */
  skip(n: number): Dataset<R> {
    return this.select(Array.from({ length: Math.max(0, this.length - n) }, (_, i) => n + i))
  }

  /** Another order: for the same seed that of Python's `Dataset.shuffle`. */
  shuffle({ seed }: { seed?: number } = {}): Dataset<R> {
    return this.select(new NumpyGenerator(seed).permutation(this.length))
  }

  /** The rows that `keep` says true for. */
  async filter(keep: (row: R, index: number) => boolean | Promise<boolean>): Promise<Dataset<R>> {
    return this.select(await filterIndices(this, keep))
  }

  /**
   * Runs `fn` over all rows, or with `batched` over columns of `batch_size` rows, and puts its columns beside those that
   * are there. A batched `fn` may give another number of rows if all other columns are removed.
   *
   * @throws DatasetError where the result does not fit; what `fn` throws.
   */
  map<Out extends Row = Row>(
    fn: BatchFunction<R>,
    options: MapOptions & { batched: true },
  ): Promise<Dataset<Out>>
  map<Out extends Row = Row>(
    fn: RowFunction<R>,
    options?: MapOptions & { batched?: false },
  ): Promise<Dataset<Out>>
  async map<Out extends Row>(fn: MapFunction<R>, options: MapOptions = {}): Promise<Dataset<Out>> {
    this.#require(options.remove_columns ?? [])
    return new Dataset<Out>({ table: await mapTable(this, fn, options), format: this.#format })
  }

  /**
   * Two data sets without common rows: for the same options those of Python's `train_test_split`.
   *
   * @throws ArgumentError for sizes that leave one of them empty or exceed the rows.
   */
  train_test_split(options: SplitOptions = {}): { train: Dataset<R>; test: Dataset<R> } {
    const [train, test] = splitSizes(this.length, options)
    const { shuffle = true, seed } = options
    const order = shuffle
      ? new NumpyGenerator(seed).permutation(this.length)
      : Uint32Array.from({ length: this.length }, (_, i) => i)
    // Python takes the test first from a drawn order, and the training first from the order that is there.
    const start = shuffle ? test : 0
    const rest = shuffle ? 0 : train
    return {
      train: this.select(order.subarray(start, start + train)),
      test: this.select(order.subarray(rest, rest + test)),
    }
  }

  #require(names: readonly string[]): void {
    const missing = names.find((name) => !this.column_names.includes(name))
    if (missing === undefined) return
    throw new DatasetError(`there is no column '${missing}': the columns are ${this.column_names.join(', ')}`)
  }

  /** @throws DatasetError for a column that there is not, or a new name that another one has. */
  rename_columns(names: Readonly<Record<string, string>>): Dataset<Row> {
    this.#require(Object.keys(names))
    const renamed = this.column_names.map((name) => [names[name] ?? name, name] as const)
    const twice = renamed.find(([name], i) => renamed.findIndex(([other]) => other === name) !== i)
    if (twice) throw new DatasetError(`two columns would have the name '${twice[0]}'`)
    return this.#with({ table: this.#table.withColumns(Object.fromEntries(renamed)) })
  }

  /** As `rename_columns`, of one. */
  rename_column(from: string, to: string): Dataset<Row> {
    return this.rename_columns({ [from]: to })
  }

  /** @throws DatasetError for a column that there is not. */
  select_columns(names: string | readonly string[]): Dataset<Row> {
    const wanted = [names].flat()
    this.#require(wanted)
    return this.#with({
      table: this.#table.withColumns(Object.fromEntries(wanted.map((name) => [name, name]))),
    })
  }

  /** @throws DatasetError for a column that there is not. */
  remove_columns(names: string | readonly string[]): Dataset<Row> {
    this.#require([names].flat())
    return this.select_columns(this.column_names.filter((name) => ![names].flat().includes(name)))
  }

  /** The column as another kind: names of labels become numbers. @throws CorruptRowError for a value that does not fit. */
  async cast_column(name: string, feature: Feature): Promise<Dataset<Row>> {
    this.#require([name])
    const encode = (row: R, i: number) => ({
      [name]: encodeValue(row[name], feature, { file: 'cast_column', row: i + 1, column: name }),
    })
    const table = await mapTable(this, encode, { features: { ...this.features, [name]: feature } })
    return new Dataset({ table, format: this.#format })
  }

  /** A column of strings or numbers as labels; their names are the values, sorted. */
  async class_encode_column(name: string): Promise<Dataset<Row>> {
    const { feature, numbers } = labelsOf(this.column(name), name)
    const encode = (row: R) => ({ [name]: numbers.get(row[name]) })
    const table = await mapTable(this, encode, { features: { ...this.features, [name]: feature } })
    return new Dataset({ table, format: this.#format })
  }

  /** 'numpy': lists of numbers come as typed arrays, without a copy; undefined: as JavaScript's own values. */
  with_format(format?: Format): Dataset<R> {
    if (format !== undefined && format !== 'numpy') {
      throw new ArgumentError(`the format must be 'numpy' or undefined, is '${format}'`, {
        hint: 'a data collator makes tensors',
      })
    }
    return new Dataset<R>({ table: this.#table, indices: this.#indices, format })
  }

  /** @internal The blocks of the table where no rows are chosen from it. */
  get wholeTable(): Table | undefined {
    return this.#indices ? undefined : this.#table
  }
}
