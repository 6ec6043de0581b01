/**
 * Files of every form with bytes changed at random, most of them within their pickles, where the structure is. Each is
 * loaded or refused as CheckpointError, and what was loaded can be read. ROBERTORCH_FUZZ sets how many.
 */

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

import { expect, it } from 'vitest'

import { CheckpointError, Tensor, torch } from '../../../../lib/index.js'
import { op } from '../../../../lib/torch/serialization/pickle/opcodes.js'
import { generator } from '../../../random.js'
import { temporaryFolder } from '../../io/safetensors-file.js'
import { valuesFolder } from './fixtures.js'

const count = Number(process.env.ROBERTORCH_FUZZ ?? 3000)
const seed = Number(process.env.ROBERTORCH_FUZZ_SEED ?? 1)
const originals = ['zip.pt', 'legacy.pt', 'protocol4.pt', 'unaligned.pt', 'big-endian.pt'].map((name) =>
  readFileSync(join(valuesFolder, name)),
)
const opcodes = Object.values(op)
const extremes = [0, 1, 0x7f, 0x80, 0xff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]

/** A file that differs from an original in one to four places. */
function mutated(random: () => number): Buffer {
  const below = (limit: number) => Math.floor(random() * limit)
  const pick = <T>(items: readonly T[]) => items[below(items.length)] as T
  let bytes = Buffer.from(pick(originals))
  for (let change = 1 + below(4); change > 0; change--) {
    // The pickle is the front of a file; the directory of an archive its end.
    const at = random() < 0.2 ? bytes.length - 1 - below(600) : below(bytes.length)
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
    } else if (random() < 0.1) bytes = Buffer.from(bytes.subarray(0, at))
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

it(`loads or refuses ${count} damaged files`, { timeout: 600_000 }, async () => {
  const path = join(temporaryFolder(), 'fuzzed.pt')
  const random = generator(seed)
  const outcomes = { loaded: 0, refused: 0 }
  for (let i = 0; i < count; i++) {
    // A new file each time: the last one may still be mapped.
    rmSync(path, { force: true })
    writeFileSync(path, mutated(random))
    try {
      readAll(await torch.load(path, { map_location: 'cpu' }))
      outcomes.loaded++
    } catch (error) {
      expect(error, `file ${i} of seed ${seed}`).toBeInstanceOf(CheckpointError)
      outcomes.refused++
    }
  }
  // Both ways are really tried: most changes of numbers and texts are no damage.
  expect(outcomes.loaded).toBeGreaterThan(count / 10)
  expect(outcomes.refused).toBeGreaterThan(count / 10)
})
