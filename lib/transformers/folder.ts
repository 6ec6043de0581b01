/** The folder that `from_pretrained` reads and `save_pretrained` writes. */

import { mkdir } from 'node:fs/promises'

import { ArgumentError, CheckpointError } from '../errors.js'

/** @throws ArgumentError for what is no path. */
export function requireFolder(folder: unknown): asserts folder is string {
  if (typeof folder === 'string' && folder !== '') return
  throw new ArgumentError(`a folder's path must be a string, is ${folder === '' ? 'empty' : typeof folder}`, {
    hint: "write from_pretrained('./my-model') or save_pretrained('./my-model')",
  })
}

/**
 * Makes the folder and those above it where they are missing.
 *
 * @throws CheckpointError naming the folder and the reason, ArgumentError for what is no path.
 */
export async function makeFolder(folder: string): Promise<void> {
  requireFolder(folder)
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw new CheckpointError(`the folder ${folder} cannot be made: ${(error as Error).message}`, {
      cause: error,
      hint: 'save_pretrained takes a folder that exists or can be made',
    })
  }
}
