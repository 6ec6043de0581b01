/** What the tokenizers check asks of every tokenizer: options, and the texts that they take. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../lib/native/paths.js'
import { BertTokenizer } from '../../lib/transformers/tokenization/bert-tokenizer.js'
import type { EncodeOptions } from '../../lib/transformers/tokenization/options.js'
import type {
  PreTrainedTokenizer,
  TokenizerClass,
} from '../../lib/transformers/tokenization/pretrained-tokenizer.js'
import { RobertaTokenizer } from '../../lib/transformers/tokenization/roberta-tokenizer.js'
import type { LoadTokenizerOptions } from '../../lib/transformers/tokenization/settings.js'
import {
  CamembertTokenizer,
  XLMRobertaTokenizer,
} from '../../lib/transformers/tokenization/unigram-tokenizers.js'

/** `single`: a text; `pair`: with the next text of the batch; `short second`, `short first`: beside a few words. */
export type Kind = 'single' | 'pair' | 'short second' | 'short first' | 'words' | 'word pair'

export interface TokenizerCase {
  name: string
  kind: Kind
  options: EncodeOptions
  /** Options of `from_pretrained`. */
  load?: LoadTokenizerOptions
  /** Also compare `char_to_token` and its siblings, of the first characters of each text. */
  mappings?: boolean
}

const everything = {
  return_special_tokens_mask: true,
  return_length: true,
  return_token_type_ids: true,
} satisfies EncodeOptions
const windows = { truncation: true, max_length: 16, return_overflowing_tokens: true } satisfies EncodeOptions
const padded = { padding: true } satisfies EncodeOptions

/** The first is asked of every text, the others in turn. */
export const tokenizerCases: readonly TokenizerCase[] = [
  { name: 'plain', kind: 'single', options: everything },
  { name: 'pairs', kind: 'pair', options: { ...everything, ...padded } },
  {
    name: 'longest_first',
    kind: 'pair',
    options: { truncation: 'longest_first', max_length: 17, ...padded },
  },
  { name: 'only_first', kind: 'short second', options: { truncation: 'only_first', max_length: 14 } },
  { name: 'only_second', kind: 'short first', options: { truncation: 'only_second', max_length: 14 } },
  { name: 'windows', kind: 'single', options: { ...everything, ...windows, stride: 3 } },
  { name: 'padded windows', kind: 'single', options: { ...everything, ...windows, stride: 5, ...padded } },
  {
    name: 'windows from the left',
    kind: 'single',
    options: { ...windows, stride: 2 },
    load: { truncation_side: 'left' },
  },
  {
    name: 'windows of the second',
    kind: 'short first',
    options: { ...windows, truncation: 'only_second', stride: 4 },
  },
  { name: 'windows of pairs', kind: 'short second', options: { ...windows, stride: 1 } },
  {
    name: 'max_length',
    kind: 'single',
    options: { ...everything, padding: 'max_length', truncation: true, max_length: 24 },
  },
  { name: 'a multiple', kind: 'pair', options: { ...padded, pad_to_multiple_of: 8 } },
  {
    name: 'padding on the left',
    kind: 'single',
    options: { ...everything, ...padded, padding_side: 'left' },
  },
  { name: 'left by loading', kind: 'pair', options: padded, load: { padding_side: 'left' } },
  { name: 'no special tokens', kind: 'pair', options: { ...everything, add_special_tokens: false } },
  { name: 'words', kind: 'words', options: { ...everything, is_split_into_words: true } },
  {
    name: 'pairs of words',
    kind: 'word pair',
    options: { is_split_into_words: true, truncation: true, max_length: 18, ...padded },
  },
  { name: 'mappings', kind: 'single', options: {}, mappings: true },
  { name: 'mappings of pairs', kind: 'pair', options: {}, mappings: true },
]

/** Any class of tokenizers. */
type LoadableTokenizer = TokenizerClass<PreTrainedTokenizer> &
  Pick<typeof PreTrainedTokenizer, 'from_pretrained'>

const fixture = (name: string) => join(packageRoot, 'test', 'fixtures', 'tokenizer', name)
const shared = (name: string) => join(packageRoot, '..', 'shared', 'data', name)

/** Every family's tokenizer; those of the published models where they lie beside the repository. */
export const tokenizers: readonly { name: string; type: LoadableTokenizer; folder: string }[] = [
  { name: 'roberta', type: RobertaTokenizer, folder: fixture('small') },
  { name: 'roberta-base', type: RobertaTokenizer, folder: shared('roberta-base-tokenizer') },
  { name: 'bert', type: BertTokenizer, folder: fixture('bert') },
  { name: 'MiniLM', type: BertTokenizer, folder: shared('all-minilm-l6-v2') },
  { name: 'xlm-roberta', type: XLMRobertaTokenizer, folder: fixture('unigram') },
  { name: 'camembert', type: CamembertTokenizer, folder: fixture('unigram') },
  { name: 'xlm-roberta BPE', type: XLMRobertaTokenizer, folder: fixture('sentencepiece-bpe') },
].filter(({ folder }) => existsSync(folder))

/** Texts that code and prose are taken from. */
export const corpora = {
  code: [join(packageRoot, 'lib'), join(packageRoot, 'native')],
  prose: [shared(join('wikitext2', 'wiki.test.raw'))].filter((path) => existsSync(path)),
}

export const textsInBatch = 32
/** Further cases that each text goes through. */
export const casesPerText = 1

/** Cases of a batch: the first, and the next ones in turn. */
export function casesOf(batch: number): TokenizerCase[] {
  const [first, ...others] = tokenizerCases
  const turn = Array.from(
    { length: casesPerText },
    (_, i) => others[(batch * casesPerText + i) % others.length],
  )
  return [first, ...turn].filter((one) => one !== undefined)
}

/** For each batch of so many texts the indices of its cases. */
export function batchesOf(texts: number): number[][] {
  const count = Math.ceil(texts / textsInBatch)
  return Array.from({ length: count }, (_, batch) => casesOf(batch).map((one) => tokenizerCases.indexOf(one)))
}
