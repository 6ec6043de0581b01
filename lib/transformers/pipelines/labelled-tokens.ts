/** The tokens of a text with their places in it: `preprocess` and `gather_pre_entities` of TokenClassificationPipeline. */

import { ArgumentError } from '../../errors.js'
import type { Encoding } from '../tokenization/encoding.js'
import type { LabelledToken } from './entities.js'
import type { PipelineTokenizer } from './forward.js'
import { rowOf } from './model-rows.js'
import type { Prepared } from './pipeline.js'

/** A text, and the windows in which the model reads it. */
export interface Sentence {
  readonly text: string
  readonly windows: readonly Window[]
}

interface Window {
  readonly encoding: Encoding
  /** Where each word of the input begins in the text; undefined where the input was a text. */
  readonly wordStarts: readonly number[] | undefined
}

/**
 * Tokenizes texts, or words.
 *
 * @param delimiter joins the words to the text that is answered about; undefined: the inputs are texts
 * @param stride tokens that the windows of a long text share; undefined: long texts are cut
 * @param nameOf the name of an input in a message
 * @throws ArgumentError for words where texts are wanted, and the other way round
 */
export async function sentencesOf(
  tokenizer: PipelineTokenizer,
  inputs: readonly (string | readonly string[])[],
  delimiter: string | undefined,
  stride: number | undefined,
  nameOf: (i: number) => string,
): Promise<Prepared<Sentence>[]> {
  for (const [i, input] of inputs.entries()) requireForm(input, delimiter !== undefined, nameOf(i))
  const { encodings, overflow_to_sample_mapping: samples = [] } = await tokenizer.batch_encode_plus(inputs, {
    truncation: tokenizer.model_max_length > 0,
    is_split_into_words: delimiter !== undefined,
    ...(stride === undefined ? {} : { stride }),
    // The windows, or the first alone.
    return_overflowing_tokens: stride !== undefined,
  })
  const sampleOf = (row: number) => (stride === undefined ? row : (samples as number[])[row])
  return inputs.map((input, sample) => {
    const text = typeof input === 'string' ? input : input.join(delimiter)
    const wordStarts = typeof input === 'string' ? undefined : startsOf(input, delimiter ?? '')
    const windows = encodings
      .filter((_, row) => sampleOf(row) === sample)
      .map((encoding) => ({ encoding, wordStarts }))
    const rows = windows.map(({ encoding }) => rowOf(encoding, tokenizer.model_input_names))
    return { rows, context: { text, windows } }
  })
}

function requireForm(input: string | readonly string[], isSplit: boolean, where: string): void {
  if (isSplit !== (typeof input === 'string')) return
  throw isSplit
    ? new ArgumentError(`${where} must be an array of words, as is_split_into_words says; it is a string`)
    : new ArgumentError(`${where} must be a text, got an array of ${input.length}`, {
        hint: 'for texts that are split into words pass is_split_into_words: true',
      })
}

function startsOf(words: readonly string[], delimiter: string): number[] {
  let next = 0
  return words.map((word) => {
    const start = next
    next += word.length + delimiter.length
    return start
  })
}

/**
 * The tokens of a window but for special ones.
 *
 * @param scores (tokens × labels) probabilities
 */
export function labelledTokens(
  tokenizer: PipelineTokenizer,
  text: string,
  { encoding, wordStarts }: Window,
  scores: Float32Array,
  labels: number,
): LabelledToken[] {
  const { ids, offsets, special_tokens_mask: special, word_ids } = encoding
  const { unk_token_id, marksSubwords } = tokenizer
  const words = tokenizer.convert_ids_to_tokens(ids)
  const tokens: LabelledToken[] = []
  for (const [index, id] of ids.entries()) {
    if (special[index]) continue
    const shift = wordStarts?.[word_ids[index] ?? -1] ?? 0
    const [start, end] = (offsets[index] ?? [0, 0]).map((offset) => offset + shift) as [number, number]
    const written = text.slice(start, end)
    const isUnknown = id === unk_token_id
    const word = words[index] as string
    tokens.push({
      word: isUnknown ? written : word,
      scores: scores.subarray(index * labels, (index + 1) * labels),
      start,
      end,
      index,
      is_subword:
        !isUnknown &&
        (marksSubwords
          ? // `##` makes the token longer than what it covers. Python counts code points.
            [...word].length !== [...written].length
          : // Transformers' guess for vocabularies that do not mark the tokens inside of words.
            start > 0 && !text.slice(start - 1, start + 1).includes(' ')),
    })
  }
  return tokens
}
