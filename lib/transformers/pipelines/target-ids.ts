/** The tokens that fill-mask is to choose among. */

import { ArgumentError, TokenizerError } from '../../errors.js'
import { checkText } from '../tokenization/inputs.js'
import type { PipelineTokenizer } from './forward.js'

/**
 * Ids of words: of those that are tokens their own, otherwise of their first token, with a warning, as
 * `FillMaskPipeline.get_target_ids`.
 *
 * @throws ArgumentError when none is left
 */
export async function targetIds(
  tokenizer: PipelineTokenizer,
  targets: string | readonly string[],
): Promise<number[]> {
  const ids = new Set<number>()
  for (const [i, target] of (typeof targets === 'string' ? [targets] : targets).entries()) {
    const id = ownId(tokenizer, checkText(target, `targets[${i}]`)) ?? (await firstId(tokenizer, target))
    if (id !== undefined) ids.add(id)
  }
  if (ids.size > 0) return [...ids]
  throw new ArgumentError('At least one target must be provided when passed.', {
    hint: 'leave targets out to choose among the whole vocabulary',
  })
}

// The whole vocabulary as an object would cost more than the search.
function ownId(tokenizer: PipelineTokenizer, target: string): number | undefined {
  try {
    const id = tokenizer.convert_tokens_to_ids(target)
    return tokenizer.convert_ids_to_tokens(id) === target ? id : undefined
  } catch (error) {
    if (error instanceof TokenizerError) return undefined // there is no <unk> to stand for it
    throw error
  }
}

async function firstId(tokenizer: PipelineTokenizer, target: string): Promise<number | undefined> {
  const [id] = await tokenizer.encode(target, { add_special_tokens: false, max_length: 1, truncation: true })
  const missing = `The specified target token \`${target}\` does not exist in the model vocabulary.`
  if (id === undefined) warn(`${missing} We cannot replace it with anything meaningful, ignoring it`)
  else warn(`${missing} Replacing with \`${tokenizer.convert_ids_to_tokens(id)}\`.`)
  return id
}

const warn = (message: string) =>
  process.emitWarning(message, { type: 'RobertorchWarning', code: 'ROBERTORCH_TARGET_TOKEN' })
