/** Processors that forbid tokens: their scores become minus infinity. */

import { ArgumentError } from '../../errors.js'
import { torch } from '../../torch/index.js'
import type { Tensor } from '../../torch/tensor.js'
import type { LogitsProcessor } from './logits-processor.js'

const never = Number.NEGATIVE_INFINITY

/** true at these ids, bool (vocabulary). */
function maskOf(ids: readonly number[], vocabulary: number): Tensor {
  const outside = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= vocabulary)
  if (outside !== undefined)
    throw new ArgumentError(`token id ${outside} lies outside the vocabulary, 0..${vocabulary - 1}`)
  const mask = torch.zeros([vocabulary], { dtype: torch.bool })
  return ids.length > 0 ? mask.set([[...ids]], true) : mask
}

/** transformers MinLengthLogitsProcessor and MinNewTokensLengthLogitsProcessor: no end before `length` tokens. */
export function endBefore(length: number, ends: readonly number[], vocabulary: number): LogitsProcessor {
  // Python looks for ids and finds none where one is outside.
  const mask = maskOf(
    ends.filter((id) => id >= 0 && id < vocabulary),
    vocabulary,
  )
  return (input_ids, scores) =>
    input_ids.size(1) < length ? scores.masked_fill(mask.to(scores.device), never) : scores
}

/** transformers SuppressTokensLogitsProcessor */
export function suppress(ids: readonly number[], vocabulary: number): LogitsProcessor {
  const mask = maskOf(ids, vocabulary)
  return (_, scores) => scores.masked_fill(mask.to(scores.device), never)
}

/** transformers SuppressTokensAtBeginLogitsProcessor: only where the sequence has `length` tokens. */
export function suppressAt(length: number, ids: readonly number[], vocabulary: number): LogitsProcessor {
  const always = suppress(ids, vocabulary)
  return (input_ids, scores) => (input_ids.size(1) === length ? always(input_ids, scores) : scores)
}

/** transformers ForcedBOSTokenLogitsProcessor and ForcedEOSTokenLogitsProcessor: after `length` tokens only these. */
export function onlyAt(length: number, ids: readonly number[], vocabulary: number): LogitsProcessor {
  const mask = maskOf(ids, vocabulary)
  return (input_ids, scores) =>
    input_ids.size(1) === length
      ? torch.full_like(scores, never).masked_fill(mask.to(scores.device), 0)
      : scores
}

/** transformers NoRepeatNGramLogitsProcessor: no token that would complete an n-gram of the sequence again. */
export function noRepeatNGram(size: number): LogitsProcessor {
  if (!Number.isInteger(size) || size < 1)
    throw new ArgumentError(`no_repeat_ngram_size must be a whole number above 0, is ${size}`)
  return (input_ids, scores) => {
    const [batch, vocabulary] = scores.shape as [number, number]
    const banned = new Uint8Array(batch * vocabulary)
    for (const [row, ids] of (input_ids.tolist() as number[][]).entries())
      for (const id of repeated(ids, size)) banned[row * vocabulary + id] = 1
    const mask = torch.fromTypedArray(banned, [batch, vocabulary]).to(torch.bool).to(scores.device)
    return scores.masked_fill(mask, never)
  }
}

/** Tokens that followed the last `size - 1` ids before. */
function repeated(ids: readonly number[], size: number): number[] {
  const kept = size - 1
  const last = ids.slice(ids.length - kept)
  const found: number[] = []
  if (ids.length + 1 < size) return found
  for (let start = 0; start + size <= ids.length; start++)
    if (last.every((id, i) => ids[start + i] === id)) found.push(ids[start + kept] as number)
  return found
}
