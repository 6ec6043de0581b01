import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { BatchEncoding } from '../../../../lib/transformers/tokenization/batch-encoding.js'
import { BertTokenizer } from '../../../../lib/transformers/tokenization/bert-tokenizer.js'
import type { EncodeOptions } from '../../../../lib/transformers/tokenization/options.js'
import type {
  PreTrainedTokenizer,
  TokenizerClass,
} from '../../../../lib/transformers/tokenization/pretrained-tokenizer.js'
import type { LoadTokenizerOptions } from '../../../../lib/transformers/tokenization/settings.js'
import {
  CamembertTokenizer,
  XLMRobertaTokenizer,
} from '../../../../lib/transformers/tokenization/unigram-tokenizers.js'

const fixtures = new URL('../../../fixtures/tokenizer/', import.meta.url)

/** Folder of the small tokenizer that the golden file was made with. */
export const SMALL = fileURLToPath(new URL('small', fixtures))

type Pair = [number, number]

/** What scripts/golden/tokenizer.py answers to one call. */
export interface Answer {
  fields: Record<string, unknown>
  word_ids: (number | null)[][]
  sequence_ids: (number | null)[][]
  tokens: string[][]
  mappings?: Record<string, (number | Pair | null)[]>[]
}

export type GoldenText = string | string[]

export type GoldenEncoding = [ids: number[], offsets: number[], words: (number | null)[]]

export type GoldenCase = Answer & {
  name: string
  options: EncodeOptions
  load: LoadTokenizerOptions
  inputs: number[][]
}

export interface Golden {
  texts: string[]
  encodings: GoldenEncoding[]
  decoded: string[]
  trained: { vocab_size: number; min_frequency: number; tokens: string[]; merges: [string, string][] }[]
  cases: GoldenCase[]
}

const read = (name: string) => JSON.parse(gunzipSync(readFileSync(new URL(name, fixtures))).toString('utf8'))

export function readGolden(): Golden {
  return read('golden.json.gz')
}

/** What scripts/golden/tokenizer_families.py writes for one family. */
export interface GoldenFamily {
  /** Python's tokenizer.json, without the table of characters that is in the SentencePiece model. */
  definition: Record<string, unknown>
  special_tokens_map: Record<string, unknown>
  all_special_ids: number[]
  encodings: GoldenEncoding[]
  decoded: string[]
  skipped: string[]
  joined: string[]
  cases: GoldenCase[]
}

export interface GoldenFamilies {
  texts: string[]
  families: Record<FamilyName, GoldenFamily>
}

export function readFamilies(): GoldenFamilies {
  const { texts, families } = read('families.json.gz')
  return { texts, families: { ...families, ...read('sentencepiece_bpe.json.gz').families } }
}

const folderOf = (name: string) => fileURLToPath(new URL(name, fixtures))

/** Folder of the small BERTweet tokenizer. */
export const BERTWEET = folderOf('bertweet')

/** The families beside RoBERTa: class, and folder of the files that the golden was made with. */
export const FAMILIES = {
  bert: { type: BertTokenizer, folder: folderOf('bert') },
  'xlm-roberta': { type: XLMRobertaTokenizer, folder: folderOf('unigram') },
  camembert: { type: CamembertTokenizer, folder: folderOf('unigram') },
  'xlm-roberta BPE': { type: XLMRobertaTokenizer, folder: folderOf('sentencepiece-bpe') },
  'camembert BPE': { type: CamembertTokenizer, folder: folderOf('sentencepiece-bpe') },
} satisfies Record<string, { type: TokenizerClass<PreTrainedTokenizer>; folder: string }>

export type FamilyName = keyof typeof FAMILIES

/** The texts of one call: one or two each, split at blanks where the options say so. */
export function inputsOf(
  texts: readonly string[],
  inputs: readonly number[][],
  options: EncodeOptions,
): GoldenText[][] {
  const text = (i: number) => texts[i] ?? ''
  return inputs.map((item) => item.map((i) => (options.is_split_into_words ? text(i).split(' ') : text(i))))
}

const pair = (range: { start: number; end: number } | null) => range && [range.start, range.end]

function mappings(encoded: BatchEncoding, row: number, characters: number): Answer['mappings'] {
  const sequences = encoded.sequence_ids(row)
  const words = new Set(encoded.word_ids(row).filter((word, i) => word !== null && sequences[i] === 0))
  const sorted = [...words].map(Number).sort((a, b) => a - b)
  const tokens = encoded.tokens(row).map((_, i) => i)
  const positions = Array.from({ length: characters }, (_, i) => i)
  return [
    {
      char_to_token: positions.map((i) => encoded.char_to_token(row, i)),
      char_to_word: positions.map((i) => encoded.char_to_word(row, i)),
      word_to_tokens: sorted.map((word) => pair(encoded.word_to_tokens(row, word)) as Pair | null),
      word_to_chars: sorted.map((word) => pair(encoded.word_to_chars(row, word)) as Pair | null),
      token_to_chars: tokens.map((token) => pair(encoded.token_to_chars(row, token)) as Pair | null),
      token_to_word: tokens.map((token) => encoded.token_to_word(row, token)),
    },
  ]
}

/** Our answer to the same call, in the form that the Python script gives. */
export async function answer(
  tokenizer: PreTrainedTokenizer,
  inputs: readonly GoldenText[][],
  options: EncodeOptions,
): Promise<Answer> {
  const batch = inputs.map((item) => (item.length === 2 ? item : (item[0] ?? ''))) as string[]
  const encoded: BatchEncoding = await tokenizer.batch_encode_plus(batch, {
    ...options,
    return_offsets_mapping: true,
    offset_unit: 'codepoint',
  })
  const rows = encoded.encodings.map((_, i) => i)
  const result: Answer = {
    fields: { ...encoded },
    word_ids: rows.map((i) => encoded.word_ids(i)),
    sequence_ids: rows.map((i) => encoded.sequence_ids(i)),
    tokens: rows.map((i) => encoded.tokens(i)),
  }
  if (options.is_split_into_words || options.truncation) return result
  const characters = (i: number) => [...(inputs[i]?.[0] ?? '')].length
  const mapped = rows.slice(0, 8).flatMap((i) => mappings(encoded, i, characters(i)) ?? [])
  return { ...result, mappings: mapped }
}
