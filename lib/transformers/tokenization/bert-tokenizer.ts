import { ArgumentError, TokenizerError } from '../../errors.js'
import { type AddedToken, addedToken } from './added-token.js'
import { addTokens, type TokenizerDefinition } from './definition.js'
import type { TokenizerFamily } from './family.js'
import { assemble, definitionOf, idsIn } from './load.js'
import { refuseUnknownOptions } from './options.js'
import { PreTrainedTokenizer, type TokenizerParts } from './pretrained-tokenizer.js'
import { NO_MAX_LENGTH, type TokenizerSettings } from './settings.js'
import type { Json } from './tokenizer-folder.js'
import {
  newTokens,
  TRAIN_NEW_OPTIONS,
  type TrainNewTokenizerOptions,
  type TrainTokenizerOptions,
} from './training/new-tokens.js'
import { type TrainingTexts, trainBpeFromIterator } from './training/train.js'
import {
  bertProcessing,
  setBertNormalizer,
  wordPieceDefinition,
  wordPieceFromVocabulary,
} from './word-piece.js'

const marker = (content: string) => addedToken(content, { special: true })

/** Options of `BertTokenizer.train_from_iterator`. */
export interface TrainBertTokenizerOptions
  extends TrainTokenizerOptions,
    Pick<TokenizerSettings, 'do_lower_case' | 'strip_accents' | 'tokenize_chinese_chars'> {
  /** Characters that are kept, the most frequent ones. Default 1,000; no limit in `train_new_from_iterator`. */
  limit_alphabet?: number
}

const NORMALIZATION = [
  'do_lower_case',
  'strip_accents',
  'tokenize_chinese_chars',
  'model_max_length',
] as const

const TRAIN_OPTIONS: (keyof TrainBertTokenizerOptions)[] = [
  'vocab_size',
  'min_frequency',
  'limit_alphabet',
  'special_tokens',
  'signal',
  'onProgress',
  ...NORMALIZATION,
]

type Trainer = Required<Pick<TrainBertTokenizerOptions, 'vocab_size' | 'min_frequency'>> &
  Pick<TrainBertTokenizerOptions, 'limit_alphabet' | 'signal' | 'onProgress'>

const BERT: TokenizerFamily = {
  tokenizerClass: 'BertTokenizer',
  defaults: {
    model_max_length: NO_MAX_LENGTH,
    padding_side: 'right',
    truncation_side: 'right',
    clean_up_tokenization_spaces: false,
    model_input_names: ['input_ids', 'token_type_ids', 'attention_mask'],
    do_lower_case: true,
    strip_accents: null,
    tokenize_chinese_chars: true,
    special_tokens: {
      unk_token: marker('[UNK]'),
      sep_token: marker('[SEP]'),
      pad_token: marker('[PAD]'),
      cls_token: marker('[CLS]'),
      mask_token: marker('[MASK]'),
    },
    additional_special_tokens: [],
  },
  vocabularyFiles: ['vocab.txt'],
  fromVocabulary: wordPieceFromVocabulary,
  postProcessor: bertProcessing,
  configure: setBertNormalizer,
}

/**
 * BERT's WordPiece tokenizer: `[CLS] A [SEP]` for a text, `[CLS] A [SEP] B [SEP]` for a pair, whose second part has
 * token type 1. Chinese RoBERTa (roberta-wwm-ext and its kin) uses it too.
 *
 * As in Python, `do_lower_case` is true unless the folder's tokenizer_config.json or the caller says otherwise, even
 * where tokenizer.json says it.
 * Reference: `BertTokenizerFast` of Transformers 4.57.
 */
export class BertTokenizer extends PreTrainedTokenizer {
  static readonly family: TokenizerFamily = BERT

  /**
   * Trains WordPiece on texts, on a thread of its own; only word counts are kept of the texts. `BertWordPieceTokenizer` of
   * Python gives other vocabularies in every run, since it numbers the characters inside of words in no order; given
   * its order, the rest is equal.
   * @param texts texts, or batches of texts
   * @throws ArgumentError for options or texts that do not fit, AbortedError
   */
  static async train_from_iterator(
    texts: TrainingTexts,
    options: TrainBertTokenizerOptions = {},
  ): Promise<BertTokenizer> {
    refuseUnknownOptions(options, TRAIN_OPTIONS)
    const { vocab_size = 30_000, min_frequency = 2, limit_alphabet = 1000, signal, onProgress } = options
    const { special_tokens: tokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'], ...rest } = options
    const plain = NORMALIZATION.filter((name) => rest[name] !== undefined).map((name) => [name, rest[name]])
    const roles = Object.values(BERT.defaults.special_tokens)
    const missing = roles.find(({ content }) => !tokens.includes(content))
    if (missing) throw new ArgumentError(`special_tokens lacks ${missing.content}, which BERT needs`)
    const special = tokens.map(marker)
    const settings: TokenizerSettings = {
      ...BERT.defaults,
      ...Object.fromEntries(plain),
      additional_special_tokens: special.filter((token) =>
        roles.every(({ content }) => content !== token.content),
      ),
    }
    const definition = wordPieceDefinition({}, settings)
    const trainer = { vocab_size, min_frequency, limit_alphabet, signal, onProgress }
    return new BertTokenizer(await trainedParts(texts, definition, special, settings, {}, trainer))
  }

  /**
   * Trains a tokenizer with the special tokens and the settings of this one on other texts, as `train_from_iterator`.
   * @param texts texts, or batches of texts
   * @param vocab_size tokens of the vocabulary, special tokens included
   * @throws ArgumentError for options or texts that do not fit, AbortedError
   */
  async train_new_from_iterator(
    texts: TrainingTexts,
    vocab_size: number,
    options: TrainNewTokenizerOptions & Pick<TrainBertTokenizerOptions, 'limit_alphabet'> = {},
  ): Promise<BertTokenizer> {
    refuseUnknownOptions(options, [...TRAIN_NEW_OPTIONS, 'limit_alphabet'])
    const { special, settings } = newTokens(this.settings, this.added_tokens_decoder, options)
    const definition = await definitionOf(this.engine)
    if (definition.model.type !== 'WordPiece') {
      throw new TokenizerError(`cannot train a model of type ${String(definition.model.type)} as WordPiece`)
    }
    const { min_frequency = 0, limit_alphabet, signal, onProgress } = options
    const trainer = { vocab_size, min_frequency, limit_alphabet, signal, onProgress }
    return new BertTokenizer(
      await trainedParts(texts, definition, special, settings, this.parts.config, trainer),
    )
  }
}

/** The definition with a vocabulary that was trained with its normalizer and pre-tokenizer. */
async function trainedParts(
  texts: TrainingTexts,
  given: TokenizerDefinition,
  special: readonly AddedToken[],
  settings: TokenizerSettings,
  config: Json,
  { vocab_size, min_frequency, limit_alphabet, ...rest }: Trainer,
): Promise<TokenizerParts> {
  const model = { ...given.model, unk_token: settings.special_tokens.unk_token?.content, vocab: {} }
  const definition = { ...given, model, added_tokens: [], post_processor: null } as TokenizerDefinition
  const { tokens } = await trainBpeFromIterator(texts, {
    vocabSize: vocab_size,
    minFrequency: min_frequency,
    specialTokens: [...new Set(special.map(({ content }) => content))],
    wordPiece: { continuingSubwordPrefix: '##', limitAlphabet: limit_alphabet },
    definition: JSON.stringify(definition),
    ...rest,
  })
  // Without a prototype `__proto__` is a token as any other.
  const vocab: Record<string, number> = Object.create(null)
  for (const [id, token] of tokens.entries()) vocab[token] = id
  definition.model.vocab = vocab
  const roles = Object.values(settings.special_tokens)
  addTokens(definition, [...special, ...roles, ...settings.additional_special_tokens])
  definition.post_processor = bertProcessing(idsIn(definition, settings))
  return { ...assemble(definition, 'memory'), family: BERT, settings, config }
}
