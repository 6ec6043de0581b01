/** What changes the scores of the next token, in the order in which Transformers does. */

import { scope } from '../../torch/modes.js'
import type { Tensor } from '../../torch/tensor.js'
import * as bans from './bans.js'
import type { GenerationConfig } from './configuration.js'
import * as filters from './filters.js'
import * as shifts from './shifts.js'

/**
 * transformers LogitsProcessor: the tokens so far, int64 (batch, tokens), and the scores of the next one, float32 (batch,
 * vocab_size), give new scores.
 */
export type LogitsProcessor = (input_ids: Tensor, scores: Tensor) => Tensor

/** What a processor needs to know besides the configuration. */
export interface ProcessorContext {
  vocabulary: number
  /** Tokens of the prompt. */
  promptLength: number
  /** Tokens of prompt and continuation. */
  maxLength: number
  minLength: number
  endTokens: readonly number[]
}

/**
 * transformers GenerationMixin._get_logits_processor; `custom` stands before what only sampling uses.
 *
 * @throws ArgumentError for a field whose value is out of its range.
 */
export function logitsProcessors(
  config: GenerationConfig,
  context: ProcessorContext,
  custom: readonly LogitsProcessor[] = [],
): LogitsProcessor[] {
  const { vocabulary, promptLength, maxLength, minLength, endTokens } = context
  const list: LogitsProcessor[] = []
  // Its intermediate tensors go at once, since a step makes many.
  const add = (processor: LogitsProcessor) =>
    list.push((input_ids, scores) => scope(() => processor(input_ids, scores)))
  const isSet = (value: number | null): value is number => value !== null && value > 0
  const hasEnd = endTokens.length > 0

  if (config.sequence_bias !== null) add(shifts.sequenceBias(config.sequence_bias, vocabulary))
  if (config.repetition_penalty !== null && config.repetition_penalty !== 1)
    add(shifts.repetitionPenalty(config.repetition_penalty))
  if (isSet(config.no_repeat_ngram_size)) add(bans.noRepeatNGram(config.no_repeat_ngram_size))
  if (config.bad_words_ids !== null) add(shifts.badWords(config.bad_words_ids, endTokens, vocabulary))
  if (hasEnd && minLength > 0) add(bans.endBefore(minLength, endTokens, vocabulary))
  if (hasEnd && isSet(config.min_new_tokens))
    add(bans.endBefore(promptLength + config.min_new_tokens, endTokens, vocabulary))
  if (config.forced_bos_token_id !== null) add(bans.onlyAt(1, [config.forced_bos_token_id], vocabulary))
  if (config.forced_eos_token_id !== null)
    add(bans.onlyAt(maxLength - 1, [config.forced_eos_token_id].flat(), vocabulary))
  if (config.remove_invalid_values) add(shifts.removeInvalid)
  if (config.exponential_decay_length_penalty !== null && hasEnd)
    add(shifts.lengthPenalty(config.exponential_decay_length_penalty, promptLength, endTokens))
  if (config.suppress_tokens !== null) add(bans.suppress(config.suppress_tokens, vocabulary))
  if (config.begin_suppress_tokens !== null) {
    const shifted = promptLength > 1 || config.forced_bos_token_id === null ? 0 : 1
    add(bans.suppressAt(promptLength + shifted, config.begin_suppress_tokens, vocabulary))
  }
  list.push(...custom)
  if (config.do_sample) {
    if (config.temperature !== null && config.temperature !== 1) add(filters.temperature(config.temperature))
    if (config.top_k !== null && config.top_k !== 0) add(filters.topK(config.top_k))
    if (config.top_p !== null && config.top_p < 1) add(filters.topP(config.top_p))
    if (config.min_p !== null) add(filters.minP(config.min_p))
    if (config.typical_p !== null && config.typical_p < 1) add(filters.typical(config.typical_p))
    const isCutoff = (value: number | null): value is number => value !== null && value > 0 && value < 1
    if (isCutoff(config.epsilon_cutoff)) add(filters.epsilon(config.epsilon_cutoff))
    if (isCutoff(config.eta_cutoff)) add(filters.eta(config.eta_cutoff))
  }
  if (config.renormalize_logits) add((_, scores) => scores.log_softmax(-1))
  return list
}
