/** Processors that make tokens more or less likely. */

import { ArgumentError } from '../../errors.js'
import { torch } from '../../torch/index.js'
import type { Tensor } from '../../torch/tensor.js'
import type { LogitsProcessor } from './logits-processor.js'

/** transformers RepetitionPenaltyLogitsProcessor */
export function repetitionPenalty(penalty: number): LogitsProcessor {
  if (!(penalty > 0)) throw new ArgumentError(`repetition_penalty must be above 0, is ${penalty}`)
  return (input_ids, scores) => {
    const own = scores.gather(1, input_ids)
    const changed = torch.where(own.lt(0), own.mul(penalty), own.div(penalty))
    return scores.scatter(1, input_ids, changed)
  }
}

/** transformers SequenceBiasLogitsProcessor */
export function sequenceBias(
  biases: readonly (readonly [ids: readonly number[], bias: number])[],
  vocabulary: number,
): LogitsProcessor {
  const isId = (id: number) => Number.isInteger(id) && id >= 0 && id < vocabulary
  for (const [ids] of biases) {
    if (ids.length > 0 && ids.every(isId)) continue
    throw new ArgumentError(
      `a sequence of token ids must hold whole numbers in 0..${vocabulary - 1}, is [${ids}]`,
      {
        hint: 'bad_words_ids and sequence_bias take lists of ids: tokenizer(word, { add_special_tokens: false })',
      },
    )
  }
  const always = torch.zeros([vocabulary])
  // A later one takes the place of an earlier, as in the dictionary that Python makes of them.
  for (const [ids, bias] of biases) if (ids.length === 1) always.set(ids[0] as number, bias)
  const longer = new Map(
    biases.filter(([ids]) => ids.length > 1).map(([ids, bias]) => [String(ids), { ids, bias }]),
  )
  return (input_ids, scores) => {
    const added = torch.zeros_like(scores).add_(always.to(scores.device))
    for (const { ids, bias } of longer.values()) {
      if (ids.length > input_ids.size(1)) continue
      added.select(1, ids.at(-1) as number).add_(shiftWhereLast(input_ids, ids.slice(0, -1), bias))
    }
    return scores.add(added)
  }
}

/** `bias` for rows that end with `prefix`, 0 for the others: (batch). */
function shiftWhereLast(input_ids: Tensor, prefix: readonly number[], bias: number): Tensor {
  const wanted = torch.tensor([...prefix], { dtype: torch.int64, device: input_ids.device })
  const matches = input_ids.slice(1, -prefix.length).eq(wanted).all(1)
  return torch.zeros([input_ids.size(0)], { device: input_ids.device }).masked_fill(matches, bias)
}

/** transformers NoBadWordsLogitsProcessor: single ids of the end of sequence may stay. */
export function badWords(
  words: readonly (readonly number[])[],
  ends: readonly number[],
  vocabulary: number,
): LogitsProcessor {
  if (words.length === 0)
    throw new ArgumentError('bad_words_ids is an empty list', { hint: 'null bans nothing' })
  const banned = words.filter((ids) => ids.length !== 1 || !ends.includes(ids[0] as number))
  return sequenceBias(
    banned.map((ids) => [ids, Number.NEGATIVE_INFINITY] as const),
    vocabulary,
  )
}

/** transformers ExponentialDecayLengthPenalty */
export function lengthPenalty(
  [start, factor]: readonly [number, number],
  promptLength: number,
  ends: readonly number[],
): LogitsProcessor {
  return (input_ids, scores) => {
    const past = input_ids.size(1) - (start + promptLength)
    if (past <= 0) return scores
    const own = scores.index_select(1, torch.tensor([...ends], { dtype: torch.int64, device: scores.device }))
    const penalties = torch.zeros_like(scores).set([':', [...ends]], own.abs().mul(factor ** past - 1))
    return scores.add(penalties)
  }
}

/** transformers InfNanRemoveLogitsProcessor */
export const removeInvalid: LogitsProcessor = (_, scores) => {
  const { max, min } = torch.finfo(scores.dtype)
  return scores.nan_to_num(0, max, min)
}
