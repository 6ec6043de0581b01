/**
 * The form of `torch.save` before PyTorch 1.6: five pickles (magic number, version, the writer's system, the object, the
 * keys of its storages), then for each storage its number of elements (int64) and its bytes.
 */

import { CheckpointError } from '../../../errors.js'
import { native } from '../../native.js'
import { readInto } from '../file-bytes.js'
import { Budget } from '../pickle/budget.js'
import { Cursor } from '../pickle/cursor.js'
import { unpickle } from '../pickle/unpickler.js'
import type { FileBytes, Place, Storages } from './storages.js'

const magicNumber = 0x1950a86a20f9469cfc6cn
const protocolVersion = 1001
/** No pickle of a checkpoint is longer; JavaScript could not look at more at once. */
const pickleLimit = 2 ** 30

/** Whether a file begins with a pickle that holds one whole number, as the magic number is written. */
export const isLegacy = (head: Buffer): boolean => head[0] === 0x80 && head[2] === 0x8a && head[3] === 0x0a

/** Reads the objects and opens their storages. */
export async function readLegacy(source: FileBytes, storages: Storages): Promise<unknown> {
  const { path, mapped } = source
  const size = mapped.numel()
  const front = native.storageOver(mapped, 0, Math.min(size, pickleLimit))
  const cursor: Cursor = new Cursor(Buffer.from(native.memoryOf(front)), path)
  const budget = new Budget(size)
  if (unpickle(cursor, budget) !== magicNumber) cursor.fail("the magic number is not torch.save's")
  const version = unpickle(cursor, budget)
  if (version !== protocolVersion)
    cursor.fail(`version ${String(version)} of the form, known is ${protocolVersion}`)
  unpickle(cursor, budget) // the writer's system: the numbers are little-endian on every one
  const value = unpickle(cursor, budget, storages.reference)
  const keys = unpickle(cursor, budget)
  if (!Array.isArray(keys)) cursor.fail('the keys of the storages are no list')
  await storages.open(await readPlaces(keys, cursor.position, storages, source), source)
  return value
}

async function readPlaces(
  keys: readonly unknown[],
  start: number,
  storages: Storages,
  { path, file, mapped }: FileBytes,
): Promise<Map<string, Place>> {
  const places = new Map<string, Place>()
  const size = mapped.numel()
  const header = Buffer.alloc(8)
  let position = start
  for (const key of keys) {
    const known = typeof key === 'string' ? storages.keys.get(key) : undefined
    if (known === undefined || places.has(key as string)) {
      throw new CheckpointError(
        `${path} lists the storage '${String(key).slice(0, 50)}', which no tensor has`,
      )
    }
    const end = position + 8 + known.needed
    if (end > size) {
      throw new CheckpointError(`${path} should hold at least ${end} bytes, holds ${size}`, {
        hint: 'the file is cut off: download or write it again',
      })
    }
    await readInto(file, header, position, path)
    const bytes = header.readBigInt64LE() * BigInt(known.type.dtype?.itemsize ?? 1)
    if (bytes !== BigInt(known.needed)) {
      throw new CheckpointError(
        `${path}: the storage '${key}' has ${bytes} bytes, its tensors were written with ${known.needed}`,
      )
    }
    places.set(key as string, { begin: position + 8, length: known.needed })
    position = end
  }
  return places
}
