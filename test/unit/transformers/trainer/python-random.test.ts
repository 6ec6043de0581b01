/** The states of Python's generators, against checksums that Python printed (sha256 of the 624 words, little-endian). */

import { createHash } from 'node:crypto'

import { expect, test } from 'vitest'

import type { TupleOf } from '../../../../lib/torch/serialization/pickle/pickler.js'
import { numpyRandomState, pythonRandomState } from '../../../../lib/transformers/trainer/python-random.js'

const digest = (words: readonly number[]) =>
  createHash('sha256')
    .update(Buffer.from(Uint32Array.from(words).buffer))
    .digest('hex')
    .slice(0, 16)

test.each([
  [42, 'b9b6edfa923a16ea', 'e04780f9f608282d'],
  [0, 'b73fd2e4f10d4948', '012a3189dd9a9348'],
  [2 ** 31 + 5, 'becbe227a003e49b', 'fda4ba005f7e9698'],
  [2 ** 40 + 7, 'e2507908973a2b3d', ''], // NumPy takes 32 bits
])('seed %i', (seed, python, numpy) => {
  const [version, words] = pythonRandomState(seed).items as [number, TupleOf]
  expect(version).toBe(3)
  expect(words.items.length).toBe(625)
  expect(digest(words.items.slice(0, 624) as number[])).toBe(python)
  if (numpy === '') return
  const [name, key] = numpyRandomState(seed).items as [string, number[]]
  expect(name).toBe('MT19937')
  expect(digest(key)).toBe(numpy)
})
