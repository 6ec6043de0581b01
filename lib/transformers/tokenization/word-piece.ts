import { TokenizerError } from '../../errors.js'
import type { TokenizerDefinition } from './definition.js'
import type { IdOf } from './family.js'
import type { TokenizerSettings } from './settings.js'
import { type TemplateItem, templateProcessing } from './template.js'
import type { Json, VocabularyFiles } from './tokenizer-folder.js'

/** Tokens of a vocab.txt, one a line; of a repeated one the last line counts, as in Python's `load_vocab`. */
function parseVocabulary(text: string): Record<string, number> {
  const lines = text.split(/\r\n|\r|\n/)
  if (lines.at(-1) === '') lines.pop()
  // Without a prototype `__proto__` is a token as any other.
  const vocab: Record<string, number> = Object.create(null)
  for (const [id, token] of lines.entries()) vocab[token] = id
  return vocab
}

/**
 * The definition in vocab.txt, as `BertConverter` makes it.
 * @throws TokenizerError if the file is empty
 */
export function wordPieceFromVocabulary(
  files: VocabularyFiles,
  settings: TokenizerSettings,
): TokenizerDefinition {
  const vocab = parseVocabulary(files['vocab.txt']?.toString('utf8') ?? '')
  if (Object.keys(vocab).length === 0) throw new TokenizerError('vocab.txt holds no tokens')
  return wordPieceDefinition(vocab, settings)
}

/** A WordPiece definition with BERT's normalizer, without post-processor. */
export function wordPieceDefinition(
  vocab: Record<string, number>,
  settings: TokenizerSettings,
): TokenizerDefinition {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: settings.tokenize_chinese_chars,
      strip_accents: settings.strip_accents,
      lowercase: settings.do_lower_case,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: null,
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: settings.special_tokens.unk_token?.content ?? '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab,
    },
  }
}

/** `[CLS] A [SEP]`, and `[CLS] A [SEP] B [SEP]` for a pair. */
export function bertProcessing(idOf: IdOf): Json {
  const sep = idOf('sep_token')
  const single: TemplateItem[] = [
    [idOf('cls_token'), 0],
    ['A', 0],
    [sep, 0],
  ]
  return templateProcessing(single, [...single, ['B', 1], [sep, 1]])
}

/** Makes a `BertNormalizer` do what the settings say, as `BertTokenizerFast.__init__` does. */
export function setBertNormalizer({ normalizer }: TokenizerDefinition, settings: TokenizerSettings): void {
  if (normalizer?.type !== 'BertNormalizer') return
  normalizer.lowercase = settings.do_lower_case
  normalizer.strip_accents = settings.strip_accents
  normalizer.handle_chinese_chars = settings.tokenize_chinese_chars
}
