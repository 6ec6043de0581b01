/** A table as a file of the cache: blocks one after the other, and at the end a checksum of all. */

import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { deserialize, serialize } from 'node:v8'

import { DatasetError } from '../../errors.js'
import { type Block, Table } from '../table.js'

const magic = Buffer.from('robertorch rows 1\n')
/** Bytes of a checksum, SHA-256. */
const sumBytes = 32

/** Writes block by block, each behind its length in bytes (32 bits); a length of 0 ends them. */
export async function writeTable(path: string, { blocks }: Table): Promise<void> {
  const file = await open(path, 'wx')
  const hash = createHash('sha256')
  const write = async (bytes: Buffer) => {
    hash.update(bytes)
    await file.writeFile(bytes)
  }
  try {
    await write(magic)
    for (const block of blocks) {
      const bytes = serialize(block)
      await write(lengthBytes(bytes.length))
      await write(bytes)
    }
    await write(lengthBytes(0))
    await file.writeFile(hash.digest())
  } finally {
    await file.close()
  }
}

function lengthBytes(length: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(length)
  return bytes
}

/** @throws DatasetError for a file that is damaged. */
export async function readTable(path: string): Promise<Table> {
  const file = await open(path, 'r')
  try {
    return new Table(await readBlocks(file))
  } catch (error) {
    throw new DatasetError(`${path} is damaged: ${(error as Error).message}`, { cause: error })
  } finally {
    await file.close()
  }
}

async function readBlocks(file: FileHandle): Promise<Block[]> {
  const hash = createHash('sha256')
  const { size } = await file.stat()
  let at = 0
  const read = async (length: number): Promise<Buffer> => {
    if (at + length > size) throw new RangeError(`it ends after ${size} bytes`)
    const bytes = Buffer.alloc(length)
    const { bytesRead } = await file.read(bytes, 0, length, at)
    if (bytesRead !== length) throw new RangeError(`it ends after ${at + bytesRead} bytes`)
    at += length
    return bytes
  }
  const hashed = async (length: number) => {
    const bytes = await read(length)
    hash.update(bytes)
    return bytes
  }
  if (!(await hashed(magic.length)).equals(magic)) throw new RangeError('it begins with something else')
  const frames: Buffer[] = []
  for (let length = (await hashed(4)).readUInt32LE(); length > 0; length = (await hashed(4)).readUInt32LE()) {
    frames.push(await hashed(length))
  }
  // Nothing is taken out of bytes that are not those which were written.
  if (!(await read(sumBytes)).equals(hash.digest())) throw new RangeError('its checksum is another one')
  return frames.map((frame) => deserialize(frame) as Block)
}
