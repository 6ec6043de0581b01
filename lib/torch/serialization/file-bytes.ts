/** Bytes between files and memory. */

import type { FileHandle } from 'node:fs/promises'

import { CheckpointError, RobertorchError } from '../../errors.js'
import type { DType } from '../dtype.js'
import { native } from '../native.js'
import type { Tensor } from '../tensor.js'

// One read or write of Node takes at most 2 GiB.
const pieceBytes = 2 ** 30

/**
 * Fills memory from a file.
 *
 * @throws CheckpointError when the file ends before.
 */
export async function readInto(
  file: FileHandle,
  memory: Uint8Array,
  start: number,
  path: string,
): Promise<void> {
  for (let done = 0; done < memory.length; ) {
    const length = Math.min(memory.length - done, pieceBytes)
    const { bytesRead } = await file.read(memory, done, length, start + done)
    if (bytesRead === 0) throw new CheckpointError(`${path} became shorter while it was read`)
    done += bytesRead
  }
}

/** The memory of a tensor of bytes (uint8), in pieces that a Buffer can hold: some engines stop at 4 GiB. */
export function memoryPieces(bytes: Tensor): Buffer[] {
  const count = Math.ceil(bytes.numel() / pieceBytes)
  return Array.from({ length: count }, (_, i) => {
    const begin = i * pieceBytes
    const length = Math.min(bytes.numel() - begin, pieceBytes)
    return Buffer.from(native.memoryOf(native.storageOver(bytes, begin, length)))
  })
}

/** Writes memory at the place where the file stands. */
export async function writeFrom(file: FileHandle, memory: Uint8Array): Promise<void> {
  for (let done = 0; done < memory.length; ) {
    done += (await file.write(memory, done, Math.min(memory.length - done, pieceBytes))).bytesWritten
  }
}

/** Turns the bytes of each element round, in place. */
export function swapBytes(memory: Buffer, { name, itemsize }: DType): void {
  const width = name.startsWith('complex') ? itemsize / 2 : itemsize
  if (width === 2) memory.swap16()
  else if (width === 4) memory.swap32()
  else if (width === 8) memory.swap64()
}

/** What the file system says, as a typed error. */
export async function explained<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof RobertorchError) throw error
    throw new CheckpointError(`${what}: ${(error as Error).message}`, { cause: error })
  }
}
