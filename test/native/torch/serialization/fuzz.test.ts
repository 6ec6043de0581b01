/**
 * Files of every form with bytes changed at random, most of them within their pickles, where the structure is. Each is
 * loaded or refused as CheckpointError, and what was loaded can be read.
 */

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { it } from 'vitest'

import { Tensor, torch } from '../../../../lib/index.js'
import { op } from '../../../../lib/torch/serialization/pickle/opcodes.js'
import { fuzz, fuzzCount, fuzzTimeout, type Random } from '../../../fuzz.js'
import { temporaryFolder } from '../../io/safetensors-file.js'
import { valuesFolder } from './fixtures.js'

const count = fuzzCount(3000)
const originals = ['zip.pt', 'legacy.pt', 'protocol4.pt', 'unaligned.pt', 'big-endian.pt'].map((name) =>
  readFileSync(join(valuesFolder, name)),
)
const opcodes = Object.values(op)
const extremes = [0, 1, 0x7f, 0x80, 0xff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]

/** A file that differs from an original in one to four places. */
function mutated({ below, pick, chance }: Random): Buffer {
  let bytes = Buffer.from(pick(originals))
  for (let change = 1 + below(4); change > 0; change--) {
    // The pickle is the front of a file; the directory of an archive its end.
    const at = chance(0.2) ? bytes.length - 1 - below(600) : below(bytes.length)
    const kind = below(7)
    if (kind === 0) bytes[at] = below(256)
    else if (kind === 1) bytes[at] = pick(opcodes)
    else if (kind === 2) bytes[at] = (bytes[at] as number) ^ (1 << below(8))
    else if (kind === 3) bytes.writeUInt32LE(pick(extremes), Math.min(Math.max(at, 0), bytes.length - 4))
    else if (kind === 4) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + below(16))])
    else if (kind === 5) {
      const from = below(bytes.length)
      bytes = Buffer.concat([
        bytes.subarray(0, at),
        bytes.subarray(from, from + below(64)),
        bytes.subarray(at),
      ])
    } else if (chance(0.1)) bytes = Buffer.from(bytes.subarray(0, at))
    if (bytes.length < 700) break
  }
  return bytes
}

/** Touches every number that can be touched in a moment. */
function readAll(value: unknown, seen = new Set<unknown>()): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return
  seen.add(value)
  if (value instanceof Tensor) {
    if (value.numel() < 100_000) value.detach().clone()
  } else if (value instanceof Map) for (const item of [...value].flat()) readAll(item, seen)
  else for (const item of value instanceof Set ? value : Object.values(value)) readAll(item, seen)
}

it(`loads or refuses ${count} damaged files`, { timeout: fuzzTimeout(count) }, async () => {
  const path = join(temporaryFolder(), 'fuzzed.pt')
  const cpuBytes = () => torch.memory.stats().cpu ?? { bytes: 0, peak_bytes: 0 }
  let before = 0
  await fuzz(count, {
    draw: mutated,
    size: (bytes) => bytes.length,
    nativePeak: () => cpuBytes().peak_bytes - before,
    async read(bytes) {
      // A new file each time: the last one may still be mapped.
      rmSync(path, { force: true })
      writeFileSync(path, bytes)
      torch.memory.resetPeak()
      before = cpuBytes().bytes
      readAll(await torch.load(path, { map_location: 'cpu' }))
    },
  })
})
