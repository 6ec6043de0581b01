import { ArgumentError } from '../../errors.js'
import { type AddedToken, addedToken } from './added-token.js'
import {
  byteLevelBpeDefinition,
  byteLevelBpeFromVocabulary,
  robertaProcessing,
  setByteLevelOptions,
} from './byte-level-bpe.js'
import { addTokens } from './definition.js'
import type { TokenizerFamily } from './family.js'
import { assemble, idsIn } from './load.js'
import { refuseUnknownOptions } from './options.js'
import { PreTrainedTokenizer, type TokenizerParts } from './pretrained-tokenizer.js'
import { NO_MAX_LENGTH, type TokenizerSettings } from './settings.js'
import type { Json } from './tokenizer-folder.js'
import type { TrainedBpe } from './training/bpe-trainer.js'
import {
  newTokens,
  TRAIN_NEW_OPTIONS,
  type TrainNewTokenizerOptions,
  type TrainTokenizerOptions,
} from './training/new-tokens.js'
import { type TrainingTexts, trainBpeFromIterator } from './training/train.js'

const TRAIN_OPTIONS: (keyof TrainTokenizerOptions)[] = [
  'vocab_size',
  'min_frequency',
  'special_tokens',
  'model_max_length',
  'signal',
  'onProgress',
]

const marker = (content: string) => addedToken(content, { special: true, normalized: true })

/** Settings of a RoBERTa tokenizer where neither the files nor the caller say otherwise. */
const ROBERTA_SETTINGS: TokenizerSettings = {
  model_max_length: NO_MAX_LENGTH,
  padding_side: 'right',
  truncation_side: 'right',
  clean_up_tokenization_spaces: false,
  model_input_names: ['input_ids', 'attention_mask'],
  add_prefix_space: false,
  trim_offsets: true,
  special_tokens: {
    bos_token: marker('<s>'),
    eos_token: marker('</s>'),
    unk_token: marker('<unk>'),
    sep_token: marker('</s>'),
    pad_token: marker('<pad>'),
    cls_token: marker('<s>'),
    // The mask swallows the blank before it, so that what is predicted brings its own.
    mask_token: addedToken('<mask>', { special: true, lstrip: true }),
  },
  additional_special_tokens: [],
}

const ROBERTA: TokenizerFamily = {
  tokenizerClass: 'RobertaTokenizer',
  defaults: ROBERTA_SETTINGS,
  vocabularyFiles: ['vocab.json', 'merges.txt'],
  fromVocabulary: byteLevelBpeFromVocabulary,
  postProcessor: robertaProcessing,
  configure: setByteLevelOptions,
}

/**
 * RoBERTa's byte-level BPE tokenizer: `<s> A </s>` for a text, `<s> A </s></s> B </s>` for a pair.
 * Reference: `RobertaTokenizerFast` of Transformers 4.57.
 */
export class RobertaTokenizer extends PreTrainedTokenizer<never> {
  static readonly family: TokenizerFamily = ROBERTA

  protected override checkWords(isSplitIntoWords: boolean): void {
    if (!isSplitIntoWords || this.settings.add_prefix_space) return
    throw new ArgumentError('input that is split into words needs a tokenizer with add_prefix_space', {
      hint: 'RobertaTokenizer.from_pretrained(folder, { add_prefix_space: true })',
    })
  }

  /**
   * Trains byte-level BPE on texts, on a thread of its own; only word counts are kept of the texts. The result has
   * the vocabulary, ids and merges that `ByteLevelBPETokenizer.train_from_iterator` gives in Python.
   * @param texts texts, or batches of texts
   * @throws ArgumentError for options or texts that do not fit, AbortedError
   */
  static async train_from_iterator(
    texts: TrainingTexts,
    options: TrainTokenizerOptions = {},
  ): Promise<RobertaTokenizer> {
    refuseUnknownOptions(options, TRAIN_OPTIONS)
    const { vocab_size = 30_000, min_frequency = 2, signal, onProgress } = options
    const specialTokens = options.special_tokens ?? ['<s>', '<pad>', '</s>', '<unk>', '<mask>']
    const roles = Object.values(ROBERTA_SETTINGS.special_tokens)
    const missing = roles.find(({ content }) => !specialTokens.includes(content))
    if (missing) {
      throw new ArgumentError(`special_tokens lacks ${missing.content}, which RoBERTa needs`, {
        hint: `it must have ${[...new Set(roles.map(({ content }) => content))].join(' ')}`,
      })
    }
    const trainer = { vocabSize: vocab_size, minFrequency: min_frequency, specialTokens, signal, onProgress }
    const { tokens, merges } = await trainBpeFromIterator(texts, trainer)
    const additional = specialTokens.filter((token) => roles.every(({ content }) => content !== token))
    const settings: TokenizerSettings = {
      ...ROBERTA_SETTINGS,
      model_max_length: options.model_max_length ?? NO_MAX_LENGTH,
      additional_special_tokens: additional.map((content) => addedToken(content, { special: true })),
    }
    return new RobertaTokenizer(trainedParts({ tokens, merges }, [], settings, {}))
  }

  /**
   * Trains a tokenizer with the special tokens and the settings of this one on other texts, as `train_from_iterator`.
   * @param texts texts, or batches of texts
   * @param vocab_size tokens of the vocabulary, special tokens and the 256 bytes included
   * @throws ArgumentError for options or texts that do not fit, AbortedError
   */
  async train_new_from_iterator(
    texts: TrainingTexts,
    vocab_size: number,
    options: TrainNewTokenizerOptions = {},
  ): Promise<RobertaTokenizer> {
    refuseUnknownOptions(options, TRAIN_NEW_OPTIONS)
    const { min_frequency = 0, signal, onProgress } = options
    const { special, settings } = newTokens(this.settings, this.added_tokens_decoder, options)
    const { tokens, merges } = await trainBpeFromIterator(texts, {
      vocabSize: vocab_size,
      minFrequency: min_frequency,
      specialTokens: [...new Set(special.map(({ content }) => content))],
      addPrefixSpace: this.settings.add_prefix_space,
      signal,
      onProgress,
    })
    return new RobertaTokenizer(trainedParts({ tokens, merges }, special, settings, this.parts.config))
  }
}

/** A tokenizer of a trained vocabulary, with its special tokens and those that the settings name. */
function trainedParts(
  { tokens, merges }: TrainedBpe,
  special: readonly AddedToken[],
  settings: TokenizerSettings,
  config: Json,
): TokenizerParts {
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]))
  const definition = byteLevelBpeDefinition(vocab, merges)
  const roles = Object.values(settings.special_tokens)
  addTokens(definition, [...special, ...roles, ...settings.additional_special_tokens])
  definition.post_processor = robertaProcessing(idsIn(definition, settings))
  setByteLevelOptions(definition, settings)
  return { ...assemble(definition, 'memory'), family: ROBERTA, settings, config }
}
