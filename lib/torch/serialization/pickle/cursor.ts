/** A place in the bytes of a pickle. Every read is checked against the end. */

import { CheckpointError } from '../../../errors.js'

/** No name of a class is longer. */
const lineLimit = 4096

export class Cursor {
  readonly #bytes: Buffer
  readonly path: string
  position: number

  constructor(bytes: Buffer, path: string, position = 0) {
    this.#bytes = bytes
    this.path = path
    this.position = position
  }

  /** @throws CheckpointError always, with the place. */
  fail(what: string, hint?: string): never {
    throw new CheckpointError(`${this.path}: ${what} (byte ${this.position} of the pickle)`, { hint })
  }

  #advance(count: number): number {
    const start = this.position
    if (count > this.#bytes.length - start) {
      this.fail(
        `the pickle ends within an item of ${count} bytes`,
        'the file may be cut off: download or write it again',
      )
    }
    this.position = start + count
    return start
  }

  u8(): number {
    return this.#bytes[this.#advance(1)] as number
  }

  u16(): number {
    return this.#bytes.readUInt16LE(this.#advance(2))
  }

  u32(): number {
    return this.#bytes.readUInt32LE(this.#advance(4))
  }

  i32(): number {
    return this.#bytes.readInt32LE(this.#advance(4))
  }

  /** A length of 64 bits. */
  u64(): number {
    const value = this.#bytes.readBigUInt64LE(this.#advance(8))
    if (value > BigInt(this.#bytes.length)) this.fail(`an item claims ${value} bytes, more than the file has`)
    return Number(value)
  }

  f64(): number {
    return this.#bytes.readDoubleBE(this.#advance(8))
  }

  /** A view: what is kept must be copied. */
  take(count: number): Buffer {
    const start = this.#advance(count)
    return this.#bytes.subarray(start, start + count)
  }

  /** Up to the next line feed, which is skipped. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.position)
    if (end < 0 || end - this.position > lineLimit) this.fail('a name has no end')
    const line = this.take(end - this.position).toString('utf8')
    this.position = end + 1
    return line
  }

  /** A whole number in two's complement, little-endian. */
  long(count: number): number | bigint {
    if (count > 255) this.fail(`a whole number of ${count} bytes, the limit is 255`)
    const bytes = this.take(count)
    if (count === 0) return 0
    const hex = Buffer.from(bytes).reverse().toString('hex')
    const value = BigInt.asIntN(count * 8, BigInt(`0x${hex}`))
    return BigInt(Number(value)) === value && Number.isSafeInteger(Number(value)) ? Number(value) : value
  }
}
