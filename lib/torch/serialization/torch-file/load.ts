/** torch.load */

import { type FileHandle, open } from 'node:fs/promises'

import { ArgumentError, CheckpointError, type RobertorchError, UnsafeFileError } from '../../../errors.js'
import type { DeviceLike } from '../../device.js'
import { native } from '../../native.js'
import { explained } from '../file-bytes.js'
import { type Loaded, PlainValues } from '../pickle/plain.js'
import { isLegacy, readLegacy } from './legacy-file.js'
import { type FileBytes, Storages } from './storages.js'
import { readZip } from './zip-file.js'

export interface LoadOptions {
  /** Device of all tensors; default the one that each was saved on. 'meta' reads shapes and no numbers. */
  map_location?: DeviceLike
  /** Default true: tensors are views of a private mapping of the file. False copies them. */
  mmap?: boolean
  /** Only true: nothing of a file is ever run. */
  weights_only?: true
}

/**
 * torch.load: what `torch.save` wrote, here or in Python, in the zip form and in the one before PyTorch 1.6. Nothing of
 * the file is ever run: tensors, parameters, dicts, lists, tuples, sets, numbers, text, bytes, sizes, dtypes, devices,
 * NumPy's scalars and arrays, and argparse.Namespace (as an object) are read, anything else is refused.
 *
 * Tensors of the CPU lie in a private mapping of the file, opened without reading: writing to them never changes it.
 * Those that shared a storage share it again. A dict whose keys are text, or whole numbers from 0 up, becomes an object,
 * another one a Map; tuples become arrays; whole numbers above 2^53 bigint; complex numbers `{ re, im }`.
 *
 * @throws UnsafeFileError naming the Python class that was refused, CheckpointError for a file that is damaged.
 */
export async function load(path: string, options: LoadOptions = {}): Promise<Loaded> {
  if (typeof path !== 'string' || path === '') {
    throw new ArgumentError('torch.load takes the path of a file', { hint: "write torch.load('model.pt')" })
  }
  const { map_location, mmap = true, weights_only = true } = options
  if (weights_only !== true) {
    throw new ArgumentError('weights_only: false would run Python code of the file, which nothing here can', {
      hint: 'leave it out; load the file in Python and save its tensors if you need more',
    })
  }
  const mapped = await native.mapFile(path)
  try {
    return await explained(`${path} cannot be read`, async () => {
      const file = await open(path, 'r')
      try {
        return await readFile({ path, mapped, file, bigEndian: false, map_location, copy: !mmap }, file)
      } finally {
        await file.close()
      }
    })
  } finally {
    native.dispose(mapped)
  }
}

async function readFile(source: FileBytes, file: FileHandle): Promise<Loaded> {
  const { path } = source
  const opening = Buffer.alloc(512)
  const { bytesRead } = await file.read(opening, 0, opening.length, 0)
  const head = opening.subarray(0, bytesRead)
  const storages = new Storages()
  let root: unknown
  if (head.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'))) root = await readZip(source, storages)
  else if (isLegacy(head)) root = await readLegacy(source, storages)
  else refuseForm(path, head)
  try {
    return new PlainValues((ref) => storages.tensor(ref, path), path).of(root)
  } catch (error) {
    if (error instanceof CheckpointError) throw error
    const { message } = error as RobertorchError
    throw new CheckpointError(`${path}: a tensor cannot be made: ${message}`, { cause: error })
  }
}

function refuseForm(path: string, head: Buffer): never {
  if (head.subarray(257, 262).toString('latin1') === 'ustar') {
    throw new UnsafeFileError(`${path} is a tar archive of a PyTorch before 0.1.10`, {
      hint: 'load it in Python and write it again with torch.save',
    })
  }
  if (head[8] === 0x7b && head.length > 9) {
    throw new CheckpointError(`${path} looks like a safetensors file`, {
      hint: 'use safetensors.load_file(path)',
    })
  }
  throw new CheckpointError(
    `${path} was not written by torch.save: it is no zip archive and has no magic number`,
    {
      hint: 'is the download complete? A file of a few hundred bytes may be a Git LFS pointer',
    },
  )
}
