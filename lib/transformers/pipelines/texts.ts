/** Texts in, rows out. */

import { checkText } from '../tokenization/inputs.js'
import { ENCODE_RULES, type EncodeOptions, type OptionRules } from '../tokenization/options.js'
import type { PipelineTokenizer } from './forward.js'
import { rowOf } from './model-rows.js'
import type { Prepared } from './pipeline.js'

/** Options of the tokenizer that make sense where the pipeline makes the batches. */
export type TokenizeOptions = Pick<
  EncodeOptions,
  'add_special_tokens' | 'padding' | 'truncation' | 'max_length' | 'verbose'
>

const { add_special_tokens, padding, truncation, max_length, verbose } = ENCODE_RULES
export const TOKENIZE_RULES: OptionRules = { add_special_tokens, padding, truncation, max_length, verbose }

export { checkText }

/** One row for each text or pair. */
export async function rowsOfTexts(
  tokenizer: PipelineTokenizer,
  texts: readonly (string | readonly [text: string, text_pair: string])[],
  { padding, ...options }: TokenizeOptions,
): Promise<Prepared<undefined>[]> {
  const encoded = await tokenizer.batch_encode_plus(texts, {
    ...options,
    // To the longest row is what a batch gets anyway; here the rows are those that happen to be read together.
    ...(padding === 'max_length' ? { padding } : {}),
  })
  return encoded.encodings.map((row) => ({
    rows: [rowOf(row, tokenizer.model_input_names)],
    context: undefined,
  }))
}
