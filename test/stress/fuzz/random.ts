/** Random choices that a seed repeats. */

import { generator } from '../../random.js'

export interface Random {
  /** A whole number in [0, limit). */
  below(limit: number): number
  pick<T>(values: readonly T[]): T
  oneIn(chances: number): boolean
}

export function randomFrom(seed: number): Random {
  const next = generator(seed)
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    below,
    pick: <T>(values: readonly T[]) => values[below(values.length)] as T,
    oneIn: (chances) => below(chances) === 0,
  }
}
