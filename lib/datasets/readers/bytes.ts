/** The bytes of a data file, a piece at a time. */

import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

import { DatasetError } from '../../errors.js'

/** Opens a file; one whose name ends with `.gz` is unpacked. @throws DatasetError for a file that is not there. */
export async function openBytes(path: string): Promise<Readable> {
  const found = await stat(path).catch((error: Error) => {
    throw new DatasetError(`cannot read ${path}: ${error.message}`, {
      cause: error,
      hint: 'check data_files',
    })
  })
  if (!found.isFile()) {
    throw new DatasetError(`${path} is no file`, {
      hint: "for a folder of data files call load_dataset('folder')",
    })
  }
  const bytes = createReadStream(path)
  // The last stream carries the errors of those before it.
  return path.endsWith('.gz') ? pipeline(bytes, createGunzip(), () => undefined) : bytes
}

/** A failure while reading, with the file's name; errors of ours stay as they are. */
export function readFailure(error: unknown, path: string): Error {
  if (error instanceof DatasetError) return error
  const { message } = error as Error
  return new DatasetError(`cannot read ${path}: ${message}`, {
    cause: error,
    hint: path.endsWith('.gz') ? 'the archive may be cut off: bring it again' : undefined,
  })
}
