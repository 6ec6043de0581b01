import { TokenizerError } from '../../errors.js'
import type { TokenizerDefinition } from './definition.js'
import type { IdOf } from './family.js'
import type { TokenizerSettings } from './settings.js'
import { type Json, parseObject, type VocabularyFiles } from './tokenizer-folder.js'

/** A byte-level BPE definition as `convert_slow_tokenizer` makes it for RoBERTa. */
export function byteLevelBpeDefinition(
  vocab: Record<string, number>,
  merges: readonly (readonly [string, string])[],
): TokenizerDefinition {
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true }
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: { ...byteLevel, add_prefix_space: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab,
      merges,
    },
  }
}

/** `<s> A </s>`, and `<s> A </s></s> B </s>` for a pair. */
export function robertaProcessing(idOf: IdOf): Json {
  const markers = { cls: idOf('cls_token'), sep: idOf('sep_token') }
  return { type: 'RobertaProcessing', ...markers, trim_offsets: true, add_prefix_space: false }
}

function parseMerges(text: string, file: string): [string, string][] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#version'))
    .map((line, i) => {
      const [left, right, ...more] = line.split(' ')
      if (!left || !right || more.length > 0) {
        throw new TokenizerError(`${file}: merge ${i + 1} must be two tokens, got ${JSON.stringify(line)}`)
      }
      return [left, right]
    })
}

/**
 * The definition in vocab.json and merges.txt.
 * @throws TokenizerError if they are damaged or lack the tokens around a text
 */
export function byteLevelBpeFromVocabulary(
  files: VocabularyFiles,
  { special_tokens }: TokenizerSettings,
): TokenizerDefinition {
  const text = (name: string) => files[name]?.toString('utf8') ?? ''
  const vocab = parseObject(text('vocab.json'), 'vocab.json') as Record<string, number>
  const merges = parseMerges(text('merges.txt'), 'merges.txt')
  for (const role of ['cls_token', 'sep_token'] as const) {
    const content = special_tokens[role]?.content ?? ''
    if (!Object.hasOwn(vocab, content)) {
      throw new TokenizerError(`vocab.json lacks the ${role} ${JSON.stringify(content)}`)
    }
  }
  return byteLevelBpeDefinition(vocab, merges)
}

/** Sets options of the parts that have them already, as `RobertaTokenizerFast.__init__` does. */
export function setByteLevelOptions(
  definition: TokenizerDefinition,
  { add_prefix_space, trim_offsets }: TokenizerSettings,
): void {
  for (const part of [definition.pre_tokenizer, definition.post_processor]) {
    if (!part) continue
    for (const [name, value] of Object.entries({ add_prefix_space, trim_offsets })) {
      // The pre-tokenizer's own trim_offsets has no effect; Python leaves it alone.
      if (name in part && !(part === definition.pre_tokenizer && name === 'trim_offsets')) part[name] = value
    }
  }
}
