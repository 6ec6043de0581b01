/**
 * States of Python's two other generators, `random` and NumPy's, after `set_seed(seed)`. Nothing here draws from them:
 * Python's Trainer wants them in a checkpoint that it goes on from.
 */

import { TupleOf } from '../../torch/serialization/pickle/pickler.js'

const words = 624

// Matsumoto and Nishimura's init_genrand.
function seeded(seed: number): Uint32Array {
  const state = new Uint32Array(words)
  state[0] = seed
  for (let i = 1; i < words; i++) state[i] = Math.imul(1812433253, scrambled(state, i - 1)) + i
  return state
}

const scrambled = (state: Uint32Array, i: number) => {
  const word = state[i] as number
  return word ^ (word >>> 30)
}

// Their init_by_array, by which Python's `random.seed` takes whole numbers: 32 bits a word.
function seededByArray(key: readonly number[]): Uint32Array {
  const state = seeded(19650218)
  let i = 1
  const next = () => {
    i += 1
    if (i < words) return
    state[0] = state[words - 1] as number
    i = 1
  }
  for (let k = 0; k < Math.max(words, key.length); k++) {
    const j = k % key.length
    state[i] = ((state[i] as number) ^ Math.imul(scrambled(state, i - 1), 1664525)) + (key[j] as number) + j
    next()
  }
  for (let k = 0; k < words - 1; k++) {
    state[i] = ((state[i] as number) ^ Math.imul(scrambled(state, i - 1), 1566083941)) - i
    next()
  }
  state[0] = 0x80000000
  return state
}

/** `random.getstate()` after `random.seed(seed)`. */
export function pythonRandomState(seed: number): TupleOf {
  const key = [seed >>> 0]
  if (seed >= 2 ** 32) key.push(Math.floor(seed / 2 ** 32))
  return new TupleOf([3, new TupleOf([...seededByArray(key), words]), null])
}

/** `numpy.random.get_state()` after `numpy.random.seed(seed)`. */
export const numpyRandomState = (seed: number): TupleOf =>
  new TupleOf(['MT19937', [...seeded(seed >>> 0)], words, 0, 0])
