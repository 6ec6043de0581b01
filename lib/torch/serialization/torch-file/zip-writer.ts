/**
 * Writes a zip archive of stored entries whose data begins at multiples of 64 bytes, as `torch.save` pads them, so that
 * tensors can be mapped in place. Sizes beyond 32 bits get Zip64 fields.
 */

import type { FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'

import { writeFrom } from '../file-bytes.js'

const alignment = 64
const none32 = 0xffff_ffff
const none16 = 0xffff
/** Checksums are computed in steps, so that the event loop is not held up. */
const step = 1 << 24

interface Entry {
  name: Buffer
  crc: number
  size: number
  offset: number
}

/** Little-endian fields one after another: [bytes, value]. */
function fields(...values: readonly [2 | 4 | 8, number][]): Buffer {
  const bytes = Buffer.alloc(values.reduce((sum, [size]) => sum + size, 0))
  let position = 0
  for (const [size, value] of values) {
    if (size === 8) bytes.writeBigUInt64LE(BigInt(value), position)
    else bytes.writeUIntLE(value, position, size)
    position += size
  }
  return bytes
}

async function checksum(pieces: readonly Uint8Array[]): Promise<number> {
  let crc = 0
  for (const data of pieces) {
    for (let done = 0; done < data.length; done += step) {
      crc = crc32(data.subarray(done, done + step), crc)
      await new Promise(setImmediate)
    }
  }
  return crc
}

export class ZipWriter {
  readonly #file: FileHandle
  readonly #entries: Entry[] = []
  #position = 0

  constructor(file: FileHandle) {
    this.#file = file
  }

  async #write(bytes: Uint8Array): Promise<void> {
    await writeFrom(this.#file, bytes)
    this.#position += bytes.length
  }

  /** @param pieces the data, one after another */
  async add(entryName: string, pieces: readonly Uint8Array[]): Promise<void> {
    const name = Buffer.from(entryName, 'utf8')
    const size = pieces.reduce((sum, data) => sum + data.length, 0)
    const entry = { name, crc: await checksum(pieces), size, offset: this.#position }
    this.#entries.push(entry)
    const large = entry.size >= none32
    const zip64 = large ? fields([2, 1], [2, 16], [8, entry.size], [8, entry.size]) : Buffer.alloc(0)
    // A field that readers skip; torch.save calls it 'FB' too.
    const start = this.#position + 30 + name.length + zip64.length + 4
    const padding = (alignment - (start % alignment)) % alignment
    const extra = Buffer.concat([zip64, fields([2, 0x4246], [2, padding]), Buffer.alloc(padding)])
    const shown = large ? none32 : size
    await this.#write(
      Buffer.concat([
        fields([4, 0x0403_4b50], [2, large ? 45 : 20], [2, 0x0800], [2, 0], [4, 0], [4, entry.crc]),
        fields([4, shown], [4, shown], [2, name.length], [2, extra.length]),
        name,
        extra,
      ]),
    )
    for (const data of pieces) await this.#write(data)
  }

  /** Writes the directory. */
  async finish(): Promise<void> {
    const begin = this.#position
    await this.#write(Buffer.concat(this.#entries.map(directoryEntry)))
    const length = this.#position - begin
    const count = this.#entries.length
    if (begin >= none32 || length >= none32 || count >= none16) {
      const end = this.#position
      await this.#write(
        Buffer.concat([
          fields([4, 0x0606_4b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0]),
          fields([8, count], [8, count], [8, length], [8, begin]),
          fields([4, 0x0706_4b50], [4, 0], [8, end], [4, 1]),
        ]),
      )
    }
    const [entries, size, offset] = [
      Math.min(count, none16),
      Math.min(length, none32),
      Math.min(begin, none32),
    ]
    await this.#write(
      fields([4, 0x0605_4b50], [2, 0], [2, 0], [2, entries], [2, entries], [4, size], [4, offset], [2, 0]),
    )
  }
}

function directoryEntry({ name, crc, size, offset }: Entry): Buffer {
  const wide: [8, number][] = [size, size, offset].flatMap((value, i) =>
    (i === 2 ? offset : size) >= none32 ? [[8, value] as [8, number]] : [],
  )
  const zip64 = wide.length > 0 ? fields([2, 1], [2, wide.length * 8], ...wide) : Buffer.alloc(0)
  const version = wide.length > 0 ? 45 : 20
  const shown = Math.min(size, none32)
  return Buffer.concat([
    fields([4, 0x0201_4b50], [2, version], [2, version], [2, 0x0800], [2, 0], [4, 0], [4, crc]),
    fields([4, shown], [4, shown], [2, name.length], [2, zip64.length], [2, 0], [2, 0], [2, 0], [4, 0]),
    fields([4, Math.min(offset, none32)]),
    name,
    zip64,
  ])
}
