/** Safetensors files made by hand, so that tests can break every rule of the format. */

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const temporaryFolder = () => mkdtempSync(join(tmpdir(), 'robertorch-io-'))

/** A file's bytes: `length` replaces the header's true length. */
export function safetensorsBytes(header: string | Buffer, dataBytes: number, length?: bigint): Buffer {
  const text = Buffer.from(header as string)
  const lengthBytes = Buffer.alloc(8)
  lengthBytes.writeBigUInt64LE(length ?? BigInt(text.length))
  return Buffer.concat([lengthBytes, text, Buffer.alloc(dataBytes, 0x2a)])
}

/** Writes the bytes into a new folder and returns the path. */
export function writeSafetensors(bytes: Buffer): string {
  const path = join(temporaryFolder(), 'model.safetensors')
  writeFileSync(path, bytes)
  return path
}
