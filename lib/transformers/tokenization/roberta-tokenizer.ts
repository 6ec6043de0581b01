import { ArgumentError, TokenizerError } from '../../errors.js'
import { addedToken } from './added-token.js'
import {
  addTokens,
  byteLevelBpeDefinition,
  setByteLevelOptions,
  type TokenizerDefinition,
} from './definition.js'
import { openHuggingFaceEngine } from './huggingface-engine.js'
import { refuseUnknownOptions } from './options.js'
import { PreTrainedTokenizer, type TokenizerParts } from './pretrained-tokenizer.js'
import type { TokenizerFamily } from './save.js'
import {
  type LoadTokenizerOptions,
  NO_MAX_LENGTH,
  resolveSettings,
  type TokenizerSettings,
} from './settings.js'
import { specialLayout } from './special-layout.js'
import { parseObject, readTokenizerFolder, type TokenizerFolder } from './tokenizer-folder.js'
import { type TrainingProgress, type TrainingTexts, trainBpeFromIterator } from './training/train.js'

/** Options of `RobertaTokenizer.train_from_iterator`. */
export interface TrainTokenizerOptions {
  /** Tokens of the vocabulary, special tokens and the 256 bytes included. Default 30,000. */
  vocab_size?: number
  /** Pairs that occur less often are not merged. Default 2. */
  min_frequency?: number
  /** Get the first ids, in this order. Default `<s> <pad> </s> <unk> <mask>`. */
  special_tokens?: readonly string[]
  /** Longest row, in tokens, of the model to come. Default: no limit. */
  model_max_length?: number
  signal?: AbortSignal
  onProgress?: (progress: TrainingProgress) => void
}

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

/** The definition that stands in for a missing tokenizer.json. */
function definitionFromVocabulary(folder: TokenizerFolder, { special_tokens }: TokenizerSettings) {
  const vocab = parseObject(folder.vocabularyFiles['vocab.json'] ?? '', 'vocab.json') as Record<
    string,
    number
  >
  const merges = parseMerges(folder.vocabularyFiles['merges.txt'] ?? '', 'merges.txt')
  const idOf = (role: 'cls_token' | 'sep_token'): [string, number] => {
    const content = special_tokens[role]?.content ?? ''
    const id = vocab[content]
    if (id === undefined) throw new TokenizerError(`vocab.json lacks the ${role} ${JSON.stringify(content)}`)
    return [content, id]
  }
  return byteLevelBpeDefinition(vocab, merges, { cls: idOf('cls_token'), sep: idOf('sep_token') })
}

function assemble(definition: TokenizerDefinition, settings: TokenizerSettings, where: string) {
  setByteLevelOptions(definition, settings)
  const layout = specialLayout(definition.post_processor)
  try {
    return {
      engine: openHuggingFaceEngine(JSON.stringify({ ...definition, truncation: null, padding: null })),
      layout,
    }
  } catch (error) {
    throw new TokenizerError(`the tokenizer in ${where} cannot be read: ${(error as Error).message}`, {
      cause: error,
      hint: 'download or save the tokenizer again',
    })
  }
}

/**
 * RoBERTa's byte-level BPE tokenizer: `<s> A </s>` for a text, `<s> A </s></s> B </s>` for a pair.
 * Reference: `RobertaTokenizerFast` of Transformers 4.57.
 */
export class RobertaTokenizer extends PreTrainedTokenizer<never> {
  protected override get family(): TokenizerFamily {
    return { tokenizerClass: 'RobertaTokenizer', defaults: ROBERTA_SETTINGS }
  }

  protected override checkWords(isSplitIntoWords: boolean): void {
    if (!isSplitIntoWords || this.settings.add_prefix_space) return
    throw new ArgumentError('input that is split into words needs a tokenizer with add_prefix_space', {
      hint: 'RobertaTokenizer.from_pretrained(folder, { add_prefix_space: true })',
    })
  }

  /**
   * Loads a tokenizer from a folder with tokenizer.json, or with vocab.json and merges.txt; tokenizer_config.json,
   * special_tokens_map.json and added_tokens.json are honoured.
   * @param options take precedence over the files
   * @throws TokenizerError if files are missing or damaged, ArgumentError for an unknown option
   */
  static async from_pretrained(
    folder: string,
    options: LoadTokenizerOptions = {},
  ): Promise<RobertaTokenizer> {
    const files = await readTokenizerFolder(folder, ['vocab.json', 'merges.txt'])
    const { settings, addedTokens } = resolveSettings(ROBERTA_SETTINGS, files, options)
    const definition = files.definition ?? definitionFromVocabulary(files, settings)
    addTokens(definition, addedTokens)
    const parts: TokenizerParts = {
      ...assemble(definition, settings, folder),
      settings,
      config: files.config,
    }
    return new RobertaTokenizer(parts)
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
    const idOf = (token: string): [string, number] => [token, tokens.indexOf(token)]
    const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]))
    const definition = byteLevelBpeDefinition(vocab, merges, { cls: idOf('<s>'), sep: idOf('</s>') })
    addTokens(definition, [...roles, ...settings.additional_special_tokens])
    return new RobertaTokenizer({ ...assemble(definition, settings, 'memory'), settings, config: {} })
  }
}
