import { ArgumentError } from '../../errors.js'
import type { HubOptions } from '../../hub/index.js'
import type { Tensor } from '../../torch/tensor.js'
import type { AddedToken } from './added-token.js'
import { BatchEncoding } from './batch-encoding.js'
import { type EncodeContext, encodeSamples } from './encode.js'
import type { TokenizerEngine } from './engine.js'
import type { TokenizerFamily } from './family.js'
import { makeFields, type TokenField } from './fields.js'
import { batchSamples, isBatch, type Sample, singleSample } from './inputs.js'
import { loadParts } from './load.js'
import { checkEncodeOptions, type EncodeOptions, refuseUnknownOptions, type TextInput } from './options.js'
import { PAD_OPTIONS, type PadInput, type PadOptions, padRows } from './pad.js'
import { saveTokenizer } from './save.js'
import type { LoadTokenizerOptions, TokenizerSettings } from './settings.js'
import { countSpecial, layOut, type Piece, type SpecialLayout } from './special-layout.js'
import { resolveStrategies } from './strategies.js'
import { cleanUpBlanks, type TokenIds, toIds, toRows } from './token-ids.js'
import type { Json } from './tokenizer-folder.js'
import type { Side } from './truncation.js'
import { Vocabulary } from './vocabulary.js'
import { Warnings } from './warnings.js'

/** What a tokenizer is made of; `from_pretrained` and training put it together. */
export interface TokenizerParts {
  readonly family: TokenizerFamily
  readonly engine: TokenizerEngine
  readonly layout: SpecialLayout
  readonly settings: TokenizerSettings
  /** Tokens outside the trained vocabulary, and special ones. */
  readonly addedTokens: readonly (AddedToken & { id: number })[]
  /** Whether the vocabulary marks tokens that go on with a word, as WordPiece does with `##`. */
  readonly marksSubwords?: boolean
  /** The tokenizer_config.json that it was loaded with. */
  readonly config: Json
  /** Files that `save_pretrained` copies: a SentencePiece model, or what a slow tokenizer is made of. */
  readonly copiedFiles?: readonly string[]
}

/** Options of `decode` and `batch_decode`. */
export interface DecodeOptions {
  /** Leave out `<s>`, `</s>`, `<pad>`, … Default false. */
  skip_special_tokens?: boolean
  /** Remove blanks before English punctuation. Default: the tokenizer's setting. */
  clean_up_tokenization_spaces?: boolean
}

/** A class of tokenizers: its static side. */
export interface TokenizerClass<T> {
  readonly family: TokenizerFamily
  new (parts: TokenizerParts): T
}

type NoOptions = Record<never, never>
type Answer<Text, Options> = Promise<BatchEncoding<TokenField<Text, Options>>>

/** The call of a tokenizer: `await tokenizer(text)`, `await tokenizer(texts, pairs, { padding: true })`. */
// biome-ignore lint/correctness/noUnusedVariables: both declarations must have the same parameters
export interface PreTrainedTokenizer<Missing extends null = null> {
  <const Text extends TextInput, const Options extends EncodeOptions = NoOptions>(
    text: Text,
    options?: Options,
  ): Answer<Text, Options>
  <const Text extends TextInput, const Options extends EncodeOptions = NoOptions>(
    text: Text,
    text_pair: TextInput | null | undefined,
    options?: Options,
  ): Answer<Text, Options>
}

type Arguments = [second?: unknown, third?: unknown]

function splitArguments([second, third]: Arguments): [pair: unknown, options: EncodeOptions] {
  const isOptions = typeof second === 'object' && second !== null && !Array.isArray(second)
  const options = (isOptions ? second : (third ?? {})) as EncodeOptions
  checkEncodeOptions(options)
  return [isOptions ? options.text_pair : (second ?? options.text_pair), options]
}

/**
 * A tokenizer with the names and the behaviour of Transformers' fast tokenizers (4.57). It is callable. Work runs
 * off the event loop, so what is a value in Python is a promise here.
 */
export abstract class PreTrainedTokenizer<Missing extends null = null> extends Vocabulary<Missing> {
  readonly #layout: SpecialLayout
  /** What it was made of. */
  protected readonly parts: TokenizerParts
  readonly #warnings = new Warnings()

  constructor(parts: TokenizerParts) {
    super(parts.engine, parts.settings, parts.addedTokens)
    this.#layout = parts.layout
    this.parts = parts
  }

  /**
   * Loads a tokenizer from a folder, or a model on the hub, with tokenizer.json, or with the files of its own kind:
   * vocab.json and merges.txt (RoBERTa), vocab.txt (BERT), sentencepiece.bpe.model (XLM-R, CamemBERT), vocab.txt and
   * bpe.codes (BERTweet).
   * tokenizer_config.json, special_tokens_map.json and added_tokens.json are honoured.
   * @param name a folder, or a hub id where no such folder exists
   * @param options take precedence over the files; and where to look
   * @throws TokenizerError if files are missing or damaged, ArgumentError for an unknown option, HubError
   */
  static async from_pretrained<T>(
    this: TokenizerClass<T>,
    name: string,
    options: LoadTokenizerOptions & HubOptions = {},
  ): Promise<T> {
    return new this(await loadParts(this.family, name, options))
  }

  protected override call(text: TextInput, ...rest: Arguments): Promise<BatchEncoding> {
    return this.#encodeAny(text, rest, (split) => isBatch(text, split))
  }

  async #encodeAny(
    text: unknown,
    rest: Arguments,
    isBatched: (split: boolean) => boolean,
  ): Promise<BatchEncoding> {
    const [pair, options] = splitArguments(rest)
    const split = options.is_split_into_words ?? false
    this.checkWords(split)
    const batched = isBatched(split)
    const isSlow = this.parts.family.openSlow !== undefined
    const samples = batched ? batchSamples(text, pair, split) : [singleSample(text, pair, split, isSlow)]
    return this.#encodeSamples(samples, options, batched)
  }

  /** Refuses words where this kind of tokenizer would encode them wrongly. */
  protected checkWords(_isSplitIntoWords: boolean): void {}

  async #encodeSamples(samples: Sample[], options: EncodeOptions, batched: boolean): Promise<BatchEncoding> {
    const warn = (options.verbose ?? true) ? this.#warnings : undefined
    const strategies = resolveStrategies(options, this.model_max_length, warn)
    const { rows, samples: sampleOfRow } = await encodeSamples(samples, strategies, options, {
      ...this.#context,
      warn,
    })
    const longest = rows.reduce((length, row) => Math.max(length, row.length), 0)
    if (strategies.maxLength === undefined && longest > this.model_max_length && this.model_max_length > 0) {
      warn?.once(
        'ROBERTORCH_SEQUENCE_TOO_LONG',
        `A text has ${longest} tokens, more than the ${this.model_max_length} that the model takes: running it` +
          ' through the model ends in an index error. Pass truncation: true.',
      )
    }
    const fields = await makeFields(rows, sampleOfRow, options, this.settings.model_input_names, batched)
    return new BatchEncoding(fields, rows)
  }

  get #context(): Omit<EncodeContext, 'warn'> {
    const { pad_token: token, pad_token_id: id, pad_token_type_id: typeId } = this
    return {
      engine: this.engine,
      isSlow: this.parts.family.openSlow !== undefined,
      layout: this.#layout,
      truncationSide: this.settings.truncation_side,
      paddingSide: this.settings.padding_side,
      pad: token === null || id === null ? undefined : { id, token, typeId },
    }
  }

  /**
   * Pads rows that were encoded before, one encoding or an array of them, as a data collator does: ids, masks and token
   * types to the longest row (or `max_length`), other fields as they are.
   * @throws ArgumentError without input_ids or padding token
   */
  pad(
    encoded_inputs: PadInput,
    options: PadOptions & { return_tensors: 'pt' },
  ): Promise<BatchEncoding<Tensor>>
  pad(encoded_inputs: PadInput, options?: PadOptions): Promise<BatchEncoding>
  async pad(encoded_inputs: PadInput, options: PadOptions = {}): Promise<BatchEncoding> {
    refuseUnknownOptions(options, PAD_OPTIONS)
    checkEncodeOptions(options)
    const { pad, paddingSide: side } = this.#context
    const { model_input_names: modelInputNames, model_max_length: modelMaxLength } = this.settings
    const warn = (options.verbose ?? true) ? this.#warnings : undefined
    const fields = await padRows(encoded_inputs, options, {
      side,
      pad,
      modelInputNames,
      modelMaxLength,
      warn,
    })
    return new BatchEncoding(fields as never, [])
  }

  /** Encodes one text or one pair. */
  encode_plus<const Text extends TextInput, const Options extends EncodeOptions = NoOptions>(
    text: Text,
    options?: Options,
  ): Answer<string, Options>
  encode_plus<const Text extends TextInput, const Options extends EncodeOptions = NoOptions>(
    text: Text,
    text_pair: TextInput | null | undefined,
    options?: Options,
  ): Answer<string, Options>
  encode_plus(text: TextInput, ...rest: Arguments): Promise<BatchEncoding> {
    return this.#encodeAny(text, rest, () => false)
  }

  /** Encodes a batch of texts, or of pairs given as `[text, text]`. */
  batch_encode_plus<const Options extends EncodeOptions = NoOptions>(
    batch_text_or_text_pairs: readonly (string | readonly string[] | readonly (readonly string[])[])[],
    options?: Options,
  ): Promise<BatchEncoding<TokenField<string[][], Options>>>
  batch_encode_plus(texts: readonly unknown[], options: EncodeOptions = {}): Promise<BatchEncoding> {
    return this.#encodeAny(texts, [options], () => true)
  }

  /** Ids of one text or one pair: `encode_plus(…).input_ids`. */
  encode<const Options extends EncodeOptions = NoOptions>(
    text: TextInput,
    options?: Options,
  ): Promise<TokenField<string, Options>>
  encode<const Options extends EncodeOptions = NoOptions>(
    text: TextInput,
    text_pair: TextInput | null | undefined,
    options?: Options,
  ): Promise<TokenField<string, Options>>
  async encode(text: TextInput, ...rest: Arguments): Promise<unknown> {
    return (await this.#encodeAny(text, rest, () => false)).input_ids
  }

  /** Tokens of a text as the vocabulary writes them, by default without special tokens. */
  async tokenize(text: string, options: EncodeOptions & { pair?: string } = {}): Promise<string[]> {
    const { pair, ...encodeOptions } = options
    const encoded = await this.#encodeAny(
      text,
      [pair, { add_special_tokens: false, ...encodeOptions }],
      () => false,
    )
    return encoded.tokens()
  }

  /**
   * Text of a row of ids.
   * @throws IndexError for an id outside the vocabulary
   */
  async decode(token_ids: TokenIds, options: DecodeOptions = {}): Promise<string> {
    const [text = ''] = await this.#decodeRows([toIds(token_ids, this.engine)], options)
    return text
  }

  /** Texts of several rows: an array of rows, or a tensor (rows, tokens). */
  batch_decode(sequences: readonly TokenIds[] | TokenIds, options: DecodeOptions = {}): Promise<string[]> {
    return this.#decodeRows(toRows(sequences, this.engine), options)
  }

  async #decodeRows(rows: number[][], options: DecodeOptions): Promise<string[]> {
    const texts = await this.decodeIds(rows, options.skip_special_tokens ?? false)
    const cleanUp = options.clean_up_tokenization_spaces ?? this.settings.clean_up_tokenization_spaces
    return cleanUp ? texts.map(cleanUpBlanks) : texts
  }

  /** Number of special tokens around one text, or around a pair. */
  num_special_tokens_to_add(pair = false): number {
    return countSpecial(pair ? this.#layout.pair : this.#layout.single)
  }

  /** Tokens that a row holds beside its special ones, for one text. */
  get max_len_single_sentence(): number {
    return this.model_max_length - this.num_special_tokens_to_add(false)
  }

  /** Tokens that a row holds beside its special ones, for two texts. */
  get max_len_sentences_pair(): number {
    return this.model_max_length - this.num_special_tokens_to_add(true)
  }

  /** Ids of one or two texts with the special tokens around them. */
  build_inputs_with_special_tokens(token_ids_0: TokenIds, token_ids_1?: TokenIds): number[] {
    const ids = this.#idsOf(token_ids_0, token_ids_1)
    return layOut(
      this.#layout,
      ids,
      ({ id }) => id,
      (_, id) => id,
    )
  }

  /** Token types of the row that `build_inputs_with_special_tokens` makes. */
  create_token_type_ids_from_sequences(token_ids_0: TokenIds, token_ids_1?: TokenIds): number[] {
    const typeOf = ({ typeId }: Piece) => typeId
    return layOut(this.#layout, this.#idsOf(token_ids_0, token_ids_1), typeOf, typeOf)
  }

  /**
   * 1 for special tokens, 0 for others: of a finished row (`already_has_special_tokens`), or of the row that
   * `build_inputs_with_special_tokens` makes.
   */
  get_special_tokens_mask(
    token_ids_0: TokenIds,
    token_ids_1?: TokenIds | null,
    options: { already_has_special_tokens?: boolean } = {},
  ): number[] {
    refuseUnknownOptions(options, ['already_has_special_tokens'])
    const ids = this.#idsOf(token_ids_0, token_ids_1)
    if (!options.already_has_special_tokens)
      return layOut(
        this.#layout,
        ids,
        () => 1,
        () => 0,
      )
    if (ids.length > 1) {
      throw new ArgumentError('a row that already has special tokens is one list of ids, and two were given')
    }
    const special = new Set(this.all_special_ids)
    return ids.flat().map((id) => (special.has(id) ? 1 : 0))
  }

  #idsOf(first: TokenIds, second: TokenIds | null | undefined): number[][] {
    const ids = [toIds(first, this.engine, 'token_ids_0')]
    if (second !== undefined && second !== null) ids.push(toIds(second, this.engine, 'token_ids_1'))
    return ids
  }

  /** Longest row, in tokens, that the model takes; 1e30 where it is unknown. */
  get model_max_length(): number {
    return this.settings.model_max_length
  }

  set model_max_length(tokens: number) {
    if (!(tokens >= 0)) throw new ArgumentError(`model_max_length must be 0 or more, got ${tokens}`)
    this.settings.model_max_length = tokens
  }

  get padding_side(): Side {
    return this.settings.padding_side
  }

  get truncation_side(): Side {
    return this.settings.truncation_side
  }

  /** Whether the vocabulary marks tokens that go on with a word, as WordPiece does with `##`. */
  get marksSubwords(): boolean {
    return this.parts.marksSubwords ?? false
  }

  /** Fields that a call returns unless told otherwise. */
  get model_input_names(): readonly string[] {
    return this.settings.model_input_names
  }

  /**
   * Writes tokenizer.json, tokenizer_config.json, special_tokens_map.json and the vocabulary's own files, so that
   * Python's `AutoTokenizer` opens the folder. Each file appears whole or not at all. Returns the paths.
   * @throws TokenizerError if the folder cannot be written
   */
  save_pretrained(save_directory: string): Promise<string[]> {
    return saveTokenizer(save_directory, this.parts)
  }
}
