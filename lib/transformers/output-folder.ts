/** The folder that `save_pretrained` writes to. */

import { mkdir } from 'node:fs/promises'

import { CheckpointError } from '../errors.js'

/**
 * Makes the folder and those above it where they are missing.
 *
 * @throws CheckpointError naming the folder and the reason.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw new CheckpointError(`the folder ${folder} cannot be made: ${(error as Error).message}`, {
      cause: error,
      hint: 'save_pretrained takes a folder that exists or can be made',
    })
  }
}
