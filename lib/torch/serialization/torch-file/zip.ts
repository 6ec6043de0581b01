/** The entries of a zip archive and where their bytes lie; nothing is decompressed and no name becomes a path. */

import type { FileHandle } from 'node:fs/promises'

import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl'

import { CheckpointError } from '../../../errors.js'
import type { Place } from './storages.js'

/** A checkpoint has an entry for each storage; the largest models have some thousand. */
const entryLimit = 100_000

/**
 * Reads for yauzl, which throws where nobody can catch it when a file points out of itself: such reads fail here, and
 * whatever is thrown after a read goes to `fail`.
 */
class CheckedReader extends RandomAccessReader {
  readonly #file: FileHandle
  readonly #size: number
  readonly #fail: (reason: unknown) => void

  constructor(file: FileHandle, size: number, fail: (reason: unknown) => void) {
    super()
    this.#file = file
    this.#size = size
    this.#fail = fail
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    if (!(position >= 0 && position + length <= this.#size)) {
      callback(new Error(`${length} bytes at ${position} lie outside the file`))
      return
    }
    this.#file
      .read(buffer, offset, length, position)
      .then(({ bytesRead }) => callback(null, bytesRead))
      .catch(this.#fail)
  }
}

/**
 * All entries by name.
 *
 * @throws CheckpointError for what is no archive, entries that are compressed, encrypted, overlap or share a name.
 */
export async function zipEntries(file: FileHandle, size: number, path: string): Promise<Map<string, Place>> {
  try {
    return await new Promise((resolve, reject) => {
      const reader = new CheckedReader(file, size, reject)
      const options = { autoClose: false, strictFileNames: true }
      fromRandomAccessReaderPromise(reader, size, options)
        .then((zip) => readEntries(zip, path))
        .then(resolve, reject)
    })
  } catch (error) {
    if (error instanceof CheckpointError) throw error
    throw new CheckpointError(`${path} is a damaged zip archive: ${(error as Error).message}`, {
      cause: error,
      hint: 'the file may be cut off: download or write it again',
    })
  }
}

async function readEntries(zip: ZipFile, path: string): Promise<Map<string, Place>> {
  if (zip.entryCount > entryLimit) {
    throw new CheckpointError(`${path} has ${zip.entryCount} entries, the limit is ${entryLimit}`)
  }
  const places = new Map<string, Place>()
  const spans: { name: string; begin: number; end: number }[] = []
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName
    checkStored(entry, path)
    if (places.has(name)) throw new CheckpointError(`${path} has two entries of the name '${name}'`)
    const { fileDataStart: begin } = await zip.readLocalFileHeaderPromise(entry, { minimal: true })
    const length = entry.compressedSize
    places.set(name, { begin, length })
    spans.push({ name, begin: entry.relativeOffsetOfLocalHeader, end: begin + length })
  }
  spans.sort((a, b) => a.begin - b.begin)
  for (const [i, span] of spans.entries()) {
    // The directory comes last, but its begin is not told; the end of the file is the outer limit.
    const limit = spans[i + 1]?.begin ?? zip.fileSize
    if (span.end > limit) {
      throw new CheckpointError(
        `${path}: the entry '${span.name}' reaches into the next one or out of the file`,
      )
    }
  }
  return places
}

function checkStored(entry: Entry, path: string): void {
  if (entry.isEncrypted() || entry.compressionMethod !== 0) {
    const how = entry.isEncrypted() ? 'encrypted' : 'compressed'
    throw new CheckpointError(`${path}: the entry '${entry.fileName}' is ${how}`, {
      hint: 'torch.save stores its entries as they are: write the file again with it',
    })
  }
}
