/** One harness for all fuzzed readers: what they are given, what they may do with it, and how much memory that may take. */

import process from 'node:process'
import { getHeapStatistics } from 'node:v8'

import { expect } from 'vitest'

import { CheckpointError } from '../lib/errors.js'
import { generator } from './random.js'

export interface Random {
  /** A whole number from 0 to below the limit. */
  below(limit: number): number
  pick<T>(items: readonly T[]): T
  chance(of: number): boolean
}

export interface Reader<Input> {
  draw(random: Random): Input
  /** Reads it, or throws CheckpointError. */
  read(input: Input): unknown
  /** Of the input, in bytes. */
  size(input: Input): number
  /** Bytes outside of the JavaScript heap that reading took at its peak. */
  nativePeak?(): number
}

/** ROBERTORCH_FUZZ sets how many inputs each reader is given, ROBERTORCH_FUZZ_SEED which. */
export const fuzzSeed = Number(process.env.ROBERTORCH_FUZZ_SEED ?? 1)
export const fuzzCount = (usual: number): number => Number(process.env.ROBERTORCH_FUZZ ?? usual)

/** Longer runs may take longer: a file takes some milliseconds on a busy machine. */
export const fuzzTimeout = (count: number): number => 120_000 + 20 * count

/**
 * Gives a reader `count` inputs: each is read or refused as CheckpointError, in at most 4 × its size + 64 MB. Both must
 * happen to a tenth of them at least: a reader that refuses everything, or nothing, is not tried.
 */
export async function fuzz<Input>(count: number, reader: Reader<Input>): Promise<void> {
  const next = generator(fuzzSeed)
  const below = (limit: number) => Math.floor(next() * limit)
  const random: Random = {
    below,
    pick: (items) => items[below(items.length)] as (typeof items)[number],
    chance: (of) => next() < of,
  }
  const outcomes = { read: 0, refused: 0 }
  let most = 0
  for (let i = 0; i < count; i++) {
    const input = reader.draw(random)
    const before = heapBytes()
    try {
      await reader.read(input)
      outcomes.read++
    } catch (error) {
      if (!(error instanceof CheckpointError))
        throw new Error(`input ${i} of seed ${fuzzSeed}`, { cause: error })
      outcomes.refused++
    }
    // Where the collector ran in between, less than was taken; what one input alone can do is seen all the same.
    const taken = heapBytes() - before + (reader.nativePeak?.() ?? 0)
    if (taken > 4 * reader.size(input) + 64e6)
      throw new Error(`input ${i} of seed ${fuzzSeed}: ${taken} bytes for a file of ${reader.size(input)}`)
    most = Math.max(most, taken)
  }
  if (process.env.ROBERTORCH_FUZZ !== undefined)
    console.log(
      `seed ${fuzzSeed}: ${outcomes.read} read, ${outcomes.refused} refused, at most ${most} bytes for one`,
    )
  expect(outcomes.read).toBeGreaterThan(count / 10)
  expect(outcomes.refused).toBeGreaterThan(count / 10)
}

function heapBytes(): number {
  const { used_heap_size, external_memory } = getHeapStatistics()
  return used_heap_size + external_memory
}

/** A text with one to three places cut, doubled or replaced by pieces of its format. */
export function brokenText(text: string, pieces: readonly string[], { below, pick, chance }: Random): string {
  let broken = text
  for (let changes = 1 + below(3); changes > 0; changes--) {
    const at = below(broken.length + 1)
    const length = below(chance(0.8) ? 4 : 80)
    const kind = below(6)
    const middle =
      kind === 0
        ? ''
        : kind === 1
          ? broken.slice(at, at + length).repeat(2)
          : kind === 2
            ? broken.slice(below(broken.length), below(broken.length))
            : kind === 3
              ? String.fromCharCode(below(chance(0.9) ? 128 : 0x10000))
              : pick(pieces)
    broken = broken.slice(0, at) + middle + broken.slice(kind === 5 ? at : at + length)
  }
  return chance(0.02) ? broken.slice(0, below(broken.length)) : broken
}
