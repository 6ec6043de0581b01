/** NumPy's default generator: the same seed gives the same order of examples as in Python. */

import { randomBytes } from 'node:crypto'

import { ArgumentError } from '../errors.js'

const MASK32 = 0xffff_ffffn
const MASK64 = (1n << 64n) - 1n
const MASK128 = (1n << 128n) - 1n
const PCG_MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n

/** `numpy.random.default_rng(seed)`, as far as an order of examples needs it: PCG64 seeded by a SeedSequence. */
export class NumpyGenerator {
  #state: bigint
  readonly #increment: bigint
  /** The upper half of the last 64 bits, not given out yet. */
  #upper: number | undefined

  /** @param seed a whole number from 0 on; default: one that cannot be foreseen */
  constructor(seed?: number) {
    if (seed !== undefined && (!Number.isSafeInteger(seed) || seed < 0)) {
      throw new ArgumentError(`seed must be a whole number from 0 on, is ${seed}`)
    }
    const entropy = seed === undefined ? randomBytes(16).readBigUInt64LE() : BigInt(seed)
    const [state, stream] = seedWords(entropy)
    this.#increment = ((stream << 1n) | 1n) & MASK128
    this.#state = 0n
    this.#step()
    this.#state = (this.#state + state) & MASK128
    this.#step()
  }

  #step(): void {
    this.#state = (this.#state * PCG_MULTIPLIER + this.#increment) & MASK128
  }

  /** 32 random bits; PCG64 gives 64 at a time, the lower half first. */
  #bits(): number {
    if (this.#upper !== undefined) {
      const bits = this.#upper
      this.#upper = undefined
      return bits
    }
    this.#step()
    const mixed = (this.#state >> 64n) ^ (this.#state & MASK64)
    const turn = this.#state >> 122n
    const value = ((mixed >> turn) | (mixed << ((64n - turn) & 63n))) & MASK64
    this.#upper = Number(value >> 32n)
    return Number(value & MASK32)
  }

  /** A number in 0..limit, both included; NumPy's `random_interval`. */
  #upTo(limit: number): number {
    const mask = 2 ** (32 - Math.clz32(limit)) - 1
    for (;;) {
      const value = (this.#bits() & mask) >>> 0
      if (value <= limit) return value
    }
  }

  /** `Generator.permutation(length)` for fewer than 2³² numbers. */
  permutation(length: number): Uint32Array {
    const order = Uint32Array.from({ length }, (_, i) => i)
    for (let i = length - 1; i > 0; i--) {
      const j = this.#upTo(i)
      const swapped = order[i] as number
      order[i] = order[j] as number
      order[j] = swapped
    }
    return order
  }
}

/** NumPy's `SeedSequence(entropy).generate_state(4, uint64)`, as the state and the stream of PCG64. */
function seedWords(entropy: bigint): [state: bigint, stream: bigint] {
  const words: number[] = []
  for (let left = entropy; left > 0n; left >>= 32n) words.push(Number(left & MASK32))
  const pool = mixEntropy(words)
  let hash = 0x8b51f9dd
  const drawn = Array.from({ length: 8 }, (_, i) => {
    let value = (pool[i % 4] as number) ^ hash
    hash = Math.imul(hash, 0x58f38ded)
    value = Math.imul(value, hash)
    return BigInt((value ^ (value >>> 16)) >>> 0)
  })
  const word64 = (i: number) => (drawn[2 * i] as bigint) | ((drawn[2 * i + 1] as bigint) << 32n)
  return [(word64(0) << 64n) | word64(1), (word64(2) << 64n) | word64(3)]
}

function mixEntropy(words: readonly number[]): number[] {
  let hash = 0x43b0d7e5
  const hashed = (word: number) => {
    let value = word ^ hash
    hash = Math.imul(hash, 0x931e8875)
    value = Math.imul(value, hash)
    return value ^ (value >>> 16)
  }
  const mix = (x: number, y: number) => {
    const value = Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y)
    return value ^ (value >>> 16)
  }
  const pool = [0, 1, 2, 3].map((i) => hashed(words[i] ?? 0))
  for (let from = 0; from < 4; from++) {
    for (let to = 0; to < 4; to++) {
      if (from !== to) pool[to] = mix(pool[to] as number, hashed(pool[from] as number))
    }
  }
  return pool
}
