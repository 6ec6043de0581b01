/** How long the sequences may become and must be. */

import { ArgumentError } from '../../errors.js'
import { GenerationConfig, type GenerationFields } from './configuration.js'
import type { Prompt } from './prompt.js'

/** Tokens of prompt and continuation. */
export interface LengthLimits {
  maxLength: number
  minLength: number
}

/**
 * transformers GenerationMixin._prepare_generated_length.
 *
 * @param given the caller's options, which tell a `max_length` that is meant from the default
 * @throws ArgumentError when the prompt is as long already
 */
export function lengthLimits(
  config: GenerationConfig,
  given: Partial<GenerationFields>,
  { input_ids, embedded }: Prompt,
  positions: number,
): LengthLimits {
  const promptLength = input_ids.size(1)
  const maxLength = longest(config, given, promptLength, embedded, positions)
  if (promptLength >= maxLength) {
    throw new ArgumentError(
      `the prompt has ${promptLength + embedded} tokens, max_length is ${maxLength + embedded}`,
      {
        hint: 'raise max_length, or say max_new_tokens instead',
      },
    )
  }
  const minLength =
    config.min_new_tokens === null
      ? Math.max((config.min_length ?? 0) - embedded, 0)
      : config.min_new_tokens + promptLength
  return { maxLength, minLength }
}

function longest(
  { max_length, max_new_tokens }: GenerationConfig,
  given: Partial<GenerationFields>,
  promptLength: number,
  embedded: number,
  positions: number,
): number {
  if (max_new_tokens !== null) return max_new_tokens + promptLength
  if (max_length === null) return Number.POSITIVE_INFINITY
  if (embedded > 0) return max_length - embedded
  const isDefault = (given.max_length ?? null) === null && max_length === new GenerationConfig().max_length
  return isDefault ? Math.min(max_length + promptLength, positions) : max_length
}
