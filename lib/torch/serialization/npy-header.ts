/** The header of a `.npy` file: a Python dictionary of three known keys. */

import { CheckpointError } from '../../errors.js'

export interface NpyHeader {
  /** Kind and bytes, `f4`. */
  type: string
  shape: number[]
  /** Column-major. */
  fortran: boolean
  bigEndian: boolean
}

const entry = {
  descr: /'descr'\s*:\s*'([<>=|])([a-zA-Z]\d+)'/,
  fortran_order: /'fortran_order'\s*:\s*(True|False)/,
  shape: /'shape'\s*:\s*\(([\d\s,]*)\)/,
}

/** @throws CheckpointError for anything but exactly these keys with values of the right form. */
export function parseHeader(text: string, path: string): NpyHeader {
  const rest = text.trim().replace(/^\{(.*)\}$/s, '$1')
  const found = Object.entries(entry).map(([key, pattern]) => {
    const parts = pattern.exec(rest)
    if (parts) return parts
    throw new CheckpointError(
      `${path}: the header has no '${key}' that can be read: ${text.trim().slice(0, 200)}`,
      {
        hint: 'arrays of numbers and booleans can be read; Python objects and records cannot',
      },
    )
  })
  const [descr, order, sizes] = found as [RegExpExecArray, RegExpExecArray, RegExpExecArray]
  const leftOver = found.reduce((left, [whole]) => left.replace(whole, ''), rest)
  if (!/^[\s,]*$/.test(leftOver)) {
    throw new CheckpointError(`${path}: the header holds more than it may: ${leftOver.trim().slice(0, 200)}`)
  }
  return {
    type: descr[2] as string,
    bigEndian: descr[1] === '>',
    fortran: order[1] === 'True',
    shape: parseShape(sizes[1] as string, path),
  }
}

function parseShape(text: string, path: string): number[] {
  const sizes = text
    .split(',')
    .map((size) => size.trim())
    .filter((size) => size !== '')
    .map(Number)
  const elements = sizes.reduce((product, size) => product * Math.max(size, 1), 1)
  // Zero sizes are left out of the product: the others must be sane all the same.
  if (!sizes.every(Number.isSafeInteger) || !Number.isSafeInteger(elements * 16) || sizes.length > 64) {
    throw new CheckpointError(`${path}: the shape (${text.slice(0, 200)}) is out of range`)
  }
  return sizes
}

/** The text that NumPy writes, padded so that the data begins at a multiple of 64 bytes. */
export function formatHeader({ type, shape, fortran, bigEndian }: NpyHeader): string {
  const order = type.endsWith('1') && type !== 'c16' ? '|' : bigEndian ? '>' : '<'
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const text = `{'descr': '${order}${type}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${sizes}), }`
  return `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`
}
