/** Which tokens a masked language model has to find, and what it sees in their place. */

import { fromTypedArray } from '../../torch/creation.js'
import { int64 } from '../../torch/dtype.js'
import { operator } from '../../torch/operators.js'
import type { Generator } from '../../torch/random.js'
import { type Tensor, toNumbers } from '../../torch/tensor.js'

interface Drawing {
  generator?: Generator
}

const bernoulli = operator<(probabilities: Tensor, options: Drawing) => Tensor>('aten::bernoulli')
const randint =
  operator<(high: number, size: readonly number[], options: Drawing & { dtype: typeof int64 }) => Tensor>(
    'aten::randint',
  )

/** How masked tokens are replaced. */
export interface Replacement {
  readonly mask_token_id: number
  readonly vocabulary_size: number
  readonly mlm_probability: number
  readonly mask_replace_prob: number
  readonly random_replace_prob: number
  /** Default: the default generator. */
  readonly generator?: Generator
}

/** Rows of tokens of the same length. */
export interface Rows {
  readonly ids: BigInt64Array
  /** (rows, tokens) */
  readonly shape: readonly [number, number]
  /** Tokens that are never drawn. */
  readonly isFixed: readonly boolean[]
  /** Extends what was drawn, for whole words. */
  readonly spread?: (drawn: boolean[]) => boolean[]
}

/**
 * Inputs and labels, with the same draws in the same order as Transformers' `torch_mask_tokens`: `mlm_probability` of the
 * tokens are drawn; of these `mask_replace_prob` become the mask, `random_replace_prob` any token, the rest stays.
 * Labels are -100 where nothing was drawn.
 */
export function maskTokens(
  { ids, shape, isFixed, spread = (drawn) => drawn }: Rows,
  options: Replacement,
): { input_ids: Tensor; labels: Tensor } {
  const { mlm_probability, mask_replace_prob, random_replace_prob, generator } = options
  const drawing: Drawing = generator ? { generator } : {}
  const draw = (probability: (i: number) => number): boolean[] => {
    const probabilities = Float32Array.from({ length: ids.length }, (_, i) => probability(i))
    return toNumbers(bernoulli(fromTypedArray(probabilities, shape), drawing)).map(
      (value) => Number(value) === 1,
    )
  }
  const inputs = ids.slice()
  const isMasked = spread(draw((i) => (isFixed[i] ? 0 : mlm_probability)))
  const labels = ids.map((id, i) => (isMasked[i] ? id : -100n))
  const isReplaced = draw(() => mask_replace_prob)
  const mask = BigInt(options.mask_token_id)
  ids.forEach((_, i) => {
    if (isMasked[i] && isReplaced[i]) inputs[i] = mask
  })
  if (mask_replace_prob < 1 && random_replace_prob > 0) {
    const isRandom = draw(() => random_replace_prob / (1 - mask_replace_prob))
    const words = toNumbers(randint(options.vocabulary_size, shape, { ...drawing, dtype: int64 }))
    ids.forEach((_, i) => {
      if (isMasked[i] && isRandom[i] && !isReplaced[i]) inputs[i] = BigInt(words[i] as number | bigint)
    })
  }
  return { input_ids: fromTypedArray(inputs, shape), labels: fromTypedArray(labels, shape) }
}

/** A token's place in its text: start and end. */
export type Offset = readonly [number, number]

/**
 * Whole words instead of tokens: a word is drawn by its first token, and begins where a token does not follow the one
 * before it without a gap. Transformers' `_calc_word_ids_and_prob_mask` and `_whole_word_mask`.
 */
export function wholeWords(
  offsets: readonly (readonly Offset[])[],
  isSpecial: readonly boolean[],
): Pick<Rows, 'isFixed' | 'spread'> {
  const words: number[] = []
  const isFixed: boolean[] = []
  let word = -1
  let at = 0
  for (const row of offsets) {
    row.forEach(([start], i) => {
      const follows = i > 0 && !isSpecial[at - 1] && row[i - 1]?.[1] === start
      const begins = !isSpecial[at] && !follows
      if (begins) word++
      words.push(isSpecial[at] ? -1 : word)
      isFixed.push(!begins)
      at++
    })
  }
  const spread = (drawn: boolean[]) => {
    const chosen = new Set(words.filter((_, i) => drawn[i]))
    return words.map((own) => own >= 0 && chosen.has(own))
  }
  return { isFixed, spread }
}
