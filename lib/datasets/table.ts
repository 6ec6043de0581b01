/** Columns in memory, in blocks of rows. */

import { DatasetError, IndexError } from '../errors.js'
import { type Column, columnFeature, lengthOf, packColumn, valueAt } from './column.js'
import { describeFeature, type Feature, type Features, joinFeatures, type Row } from './features.js'

/** Rows of a block: enough for packing to pay, few enough to be made anew at little cost. */
export const blockRows = 10_000

/** Some rows, by column. */
export type Block = Readonly<Record<string, Column>>

export class Table {
  readonly blocks: readonly Block[]
  readonly features: Features
  /** Number of the first row of each block, and at the end of all rows. */
  readonly #starts: number[] = [0]

  /** @throws DatasetError where blocks differ in columns or kinds. */
  constructor(blocks: readonly Block[], features?: Features) {
    this.blocks = blocks
    for (const block of blocks) {
      const [column] = Object.values(block)
      this.#starts.push(this.length + (column ? lengthOf(column) : 0))
    }
    this.features = features ?? this.#infer()
  }

  get length(): number {
    return this.#starts.at(-1) as number
  }

  /** @throws IndexError for a row that there is not. */
  value(name: string, row: number, asViews = false): unknown {
    const [block, index] = this.#find(row)
    return valueAt(block[name] as Column, index, asViews)
  }

  row(row: number, names: readonly string[], asViews = false): Row {
    const [block, index] = this.#find(row)
    const values: Row = {}
    for (const name of names) values[name] = valueAt(block[name] as Column, index, asViews)
    return values
  }

  #find(row: number): [Block, number] {
    let [low, high] = [0, this.blocks.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#starts[middle] as number) <= row) low = middle
      else high = middle - 1
    }
    const block = this.blocks[low]
    if (!block || !(row >= 0 && row < this.length)) {
      throw new IndexError(`row ${row} does not exist: the data set has ${this.length}`)
    }
    return [block, row - (this.#starts[low] as number)]
  }

  /** The same rows with columns left out or under other names. */
  withColumns(names: Readonly<Record<string, string>>): Table {
    const pick = <T>(all: Readonly<Record<string, T>>) =>
      Object.fromEntries(Object.entries(names).map(([name, from]) => [name, all[from] as T]))
    return new Table(this.blocks.map(pick<Column>), pick(this.features))
  }

  #infer(): Features {
    const features: Record<string, Feature> = {}
    this.blocks.forEach((block, i) => {
      for (const [name, column] of Object.entries(block)) {
        const found = columnFeature(column, name, this.#starts[i] as number)
        const before = features[name]
        const joined = before ? joinFeatures(before, found) : found
        if (!joined) {
          throw new DatasetError(
            `column '${name}' is ${describeFeature(before as Feature)} at first and ${describeFeature(found)} from row ` +
              `${this.#starts[i]} on`,
            { hint: 'bring all rows to one kind, for example with map' },
          )
        }
        features[name] = joined
      }
    })
    return features
  }
}

/** Takes rows one by one; columns that rows lack hold null there. */
export class TableBuilder {
  readonly #blocks: Record<string, Column>[] = []
  #rows: Row[] = []
  readonly #names = new Set<string>()

  add(row: Row): void {
    this.#rows.push(row)
    if (this.#rows.length === blockRows) this.#flush()
  }

  #flush(): void {
    for (const row of this.#rows) for (const name of Object.keys(row)) this.#names.add(name)
    const rows = this.#rows
    this.#blocks.push(
      Object.fromEntries(
        Array.from(this.#names, (name) => [name, packColumn(rows.map((row) => row[name] ?? null))]),
      ),
    )
    this.#rows = []
  }

  /** @param features of the columns, where they are known; else they are found from the values */
  finish(features?: Features): Table {
    if (this.#rows.length > 0) this.#flush()
    for (const block of this.#blocks) {
      const length = lengthOf(Object.values(block)[0] ?? { kind: 'values', values: [] })
      for (const name of this.#names) {
        block[name] ??= { kind: 'values', values: new Array<null>(length).fill(null) }
      }
    }
    return new Table(this.#blocks, features)
  }
}

/** @throws DatasetError where columns differ in length. */
export function tableOfColumns(
  columns: Readonly<Record<string, ArrayLike<unknown>>>,
  features?: Features,
): Table {
  const lengths = Object.entries(columns).map(([name, { length }]) => [name, length] as const)
  const odd = lengths.find(([, length]) => length !== lengths[0]?.[1])
  if (odd) {
    throw new DatasetError(
      `column '${odd[0]}' has ${odd[1]} values, column '${lengths[0]?.[0]}' has ${lengths[0]?.[1]}`,
    )
  }
  const block = Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [name, packColumn(Array.from(values))]),
  )
  return new Table(lengths.length === 0 ? [] : [block], features)
}
