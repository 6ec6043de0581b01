/** Pickles and archives made by hand, so that tests can break every rule. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'

import { ZipFile } from 'yazl'

import { temporaryFolder } from '../../io/safetensors-file.js'

type Part = Buffer | string

/** Parts one after another; text is taken as instructions, one byte each. */
export const bytesOf = (...parts: readonly Part[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)))

/** A whole pickle of protocol 2. */
export const pickle = (...parts: readonly Part[]): Buffer => bytesOf('\x80\x02', ...parts, '.')

export const text = (value: string): Buffer => {
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return bytesOf('X', length, bytes)
}

/** A whole number of up to 8 bytes. */
export const int = (value: number | bigint): Buffer => {
  const bytes = Buffer.alloc(9)
  bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)))
  return bytesOf('\x8a\x09', bytes)
}

export const global = (module: string, name: string): Buffer => bytesOf(`c${module}\n${name}\n`)
export const tuple = (...items: readonly Part[]): Buffer => bytesOf('(', ...items, 't')
/** `callee(*args)` */
export const call = (callee: Part, ...args: readonly Part[]): Buffer => bytesOf(callee, tuple(...args), 'R')

export const storage = (elements: number | bigint, key = '0', type = 'FloatStorage'): Buffer =>
  bytesOf(tuple(text('storage'), global('torch', type), text(key), text('cpu'), int(elements)), 'Q')

/** A float32 tensor over a storage of `elements`. */
export function tensor(
  elements: number | bigint,
  offset: number | bigint,
  size: readonly (number | bigint)[],
  stride: readonly (number | bigint)[],
): Buffer {
  const args = [
    storage(elements),
    int(offset),
    tuple(...size.map(int)),
    tuple(...stride.map(int)),
    '\x89',
    '}',
  ]
  return call(global('torch._utils', '_rebuild_tensor_v2'), ...args)
}

/** An archive of stored entries. */
export async function archive(
  entries: Readonly<Record<string, Buffer>>,
  options: { compress?: boolean } = {},
): Promise<Buffer> {
  const zip = new ZipFile()
  const { compress = false } = options
  for (const [name, data] of Object.entries(entries)) zip.addBuffer(data, name, { compress })
  zip.end()
  return buffer(zip.outputStream)
}

/** A checkpoint in the zip form. */
export const zipForm = (pkl: Buffer, data: Readonly<Record<string, Buffer>> = {}): Promise<Buffer> =>
  archive({
    'archive/data.pkl': pkl,
    ...Object.fromEntries(Object.entries(data).map(([key, bytes]) => [`archive/data/${key}`, bytes])),
    'archive/version': Buffer.from('3\n'),
  })

const magic = Buffer.from('6cfc9c46f9206aa85019', 'hex')

/** A checkpoint in the old form; `tail` follows the pickles. */
export const oldForm = (pkl: Buffer, keys: Buffer, tail: Buffer = Buffer.alloc(0), version = 1001): Buffer =>
  bytesOf(pickle('\x8a\x0a', magic), pickle(int(version)), pickle('}'), pkl, keys, tail)

/** Writes the bytes into a new folder and returns the path. */
export function written(bytes: Buffer): string {
  const path = join(temporaryFolder(), 'hostile.pt')
  writeFileSync(path, bytes)
  return path
}
