/** NumPy's `.npy` files: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */

import { type FileHandle, open } from 'node:fs/promises'
import { endianness } from 'node:os'

import { writeAtomically } from '../../atomic-write.js'
import { CheckpointError, DTypeError } from '../../errors.js'
import * as dtypes from '../dtype.js'
import { native } from '../native.js'
import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'
import { explained, readInto, swapBytes, writeFrom } from './file-bytes.js'
import { formatHeader, type NpyHeader, parseHeader } from './npy-header.js'
import { numpyCode, numpyDType } from './numpy-dtypes.js'

const empty = operator<(size: number[], options: object) => Tensor>('aten::empty')
const ne = operator<(self: Tensor, other: number) => Tensor>('aten::ne')

const magic = Buffer.from('\x93NUMPY', 'latin1')
/** NumPy's own limit: a longer header is no header. */
const headerLimit = 10_000
/**
 * numpy.load: the array of a `.npy` file, straight into the tensor's memory. Arrays in Fortran order become tensors with
 * the same strides. Big-endian files are converted.
 *
 * @throws CheckpointError for a file that is no `.npy`, is truncated or too long, or holds Python objects.
 */
export async function load(path: string): Promise<Tensor> {
  return explained(`${path} cannot be read`, async () => {
    const file = await open(path, 'r')
    try {
      return await readArray(file, path)
    } finally {
      await file.close()
    }
  })
}

async function readArray(file: FileHandle, path: string): Promise<Tensor> {
  const { header, start } = await readHeader(file, path)
  const dtype = numpyDType(header.type)
  if (dtype === undefined) {
    throw new CheckpointError(`${path}: arrays of type '${header.type}' have no dtype here`, {
      hint: 'save numbers or booleans: array.astype("float32")',
    })
  }
  const bytes = header.shape.reduce((product, size) => product * size, dtype.itemsize)
  const held = (await file.stat()).size - start
  // Before any memory is taken: a damaged header may ask for all there is.
  if (held !== bytes) throw new CheckpointError(`${path} should hold ${bytes} bytes of data, holds ${held}`)
  return readData(file, path, start, header, dtype)
}

async function readData(
  file: FileHandle,
  path: string,
  start: number,
  { shape, fortran, bigEndian }: NpyHeader,
  dtype: dtypes.DType,
): Promise<Tensor> {
  const order = fortran ? shape.toReversed() : shape
  const stored = dtype === dtypes.bool ? dtypes.uint8 : dtype
  const tensor = empty(order, { dtype: stored })
  const memory = Buffer.from(native.memoryOf(tensor))
  await readInto(file, memory, start, path)
  if (bigEndian !== (endianness() === 'BE')) swapBytes(memory, dtype)
  // Any byte but 0 is true; LibTorch's booleans are 0 or 1.
  const values = dtype === dtypes.bool ? ne(tensor, 0) : tensor
  return fortran ? values.permute(shape.map((_, i) => shape.length - 1 - i)) : values
}

async function readHeader(file: FileHandle, path: string): Promise<{ header: NpyHeader; start: number }> {
  const opening = Buffer.alloc(12)
  const { bytesRead } = await file.read(opening, 0, 12, 0)
  const version = opening[6]
  if (bytesRead < 10 || !opening.subarray(0, 6).equals(magic)) {
    throw new CheckpointError(`${path} is no .npy file: it does not begin with \\x93NUMPY`)
  }
  if (version !== 1 && version !== 2 && version !== 3) {
    throw new CheckpointError(`${path} has version ${version} of the .npy format, known are 1, 2 and 3`)
  }
  const begin = version === 1 ? 10 : 12
  const length = version === 1 ? opening.readUInt16LE(8) : opening.readUInt32LE(8)
  if (bytesRead < begin || length > headerLimit) {
    throw new CheckpointError(`${path} has a header of ${length} bytes, the limit is ${headerLimit}`)
  }
  const text = Buffer.alloc(length)
  const read = await file.read(text, 0, length, begin)
  if (read.bytesRead < length) throw new CheckpointError(`${path} ends within its header`)
  return {
    header: parseHeader(text.toString(version === 3 ? 'utf8' : 'latin1'), path),
    start: begin + length,
  }
}

/**
 * numpy.save: writes a tensor as a `.npy` file in row-major order; never leaves half a file under its name. The tensor
 * must not change until the promise is settled.
 *
 * @throws DTypeError for a dtype that NumPy does not have (bfloat16, 8-bit floats).
 */
export async function save(path: string, tensor: Tensor): Promise<void> {
  const type = numpyCode(tensor.dtype)
  if (type === undefined) {
    throw new DTypeError(`NumPy has no ${tensor.dtype}`, { hint: 'use tensor.to(torch.float32)' })
  }
  const values = tensor.detach().cpu().resolve_conj().resolve_neg().contiguous()
  const header = formatHeader({
    type,
    shape: tensor.shape,
    fortran: false,
    bigEndian: endianness() === 'BE',
  })
  const opening = Buffer.concat([magic, Buffer.from([1, 0, 0, 0]), Buffer.from(header, 'latin1')])
  opening.writeUInt16LE(header.length, 8)
  const memory = Buffer.from(native.memoryOf(values))
  const write = async (temporary: string) => {
    const file = await open(temporary, 'w')
    try {
      await file.writeFile(opening)
      await writeFrom(file, memory)
    } finally {
      await file.close()
    }
  }
  await explained(`${path} cannot be written`, () => writeAtomically(path, write))
}
