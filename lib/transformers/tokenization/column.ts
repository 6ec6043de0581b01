/** Where one value per token of a row goes: an array of its own, or its place in a typed array of the whole batch. */

export interface Column<T> {
  fill(value: T, start: number, end: number): void
  /** `source[from]` to before `source[to]`, from place `at` on. */
  copy(at: number, source: readonly T[], from: number, to: number): void
}

export class ArrayColumn<T> implements Column<T> {
  readonly values: T[]

  constructor(length: number) {
    this.values = new Array<T>(length)
  }

  fill(value: T, start: number, end: number): void {
    this.values.fill(value, start, end)
  }

  copy(at: number, source: readonly T[], from: number, to: number): void {
    for (let i = from; i < to; i++) this.values[at + i - from] = source[i] as T
  }
}

/** Rows of one length, one after the other, as int64. */
export class PackedColumns implements Column<number> {
  readonly data: BigInt64Array
  // Ids are below 2^31 and every platform of LibTorch is little-endian, so writing the low halves saves making one
  // BigInt per token.
  readonly #low: Int32Array
  readonly #length: number
  #start = 0

  constructor(rows: number, length: number) {
    this.data = new BigInt64Array(rows * length)
    this.#low = new Int32Array(this.data.buffer)
    this.#length = length
  }

  /** Which row is written next. */
  set row(index: number) {
    this.#start = index * this.#length
  }

  fill(value: number, start: number, end: number): void {
    if (value !== 0) this.data.fill(BigInt(value), this.#start + start, this.#start + end)
  }

  copy(at: number, source: readonly number[], from: number, to: number): void {
    let place = 2 * (this.#start + at)
    for (let i = from; i < to; i++) {
      this.#low[place] = source[i] as number
      place += 2
    }
  }
}
