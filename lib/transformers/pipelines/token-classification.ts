/** Labels for the tokens of a text, and the entities that they make. */

import { ArgumentError } from '../../errors.js'
import { float32 } from '../../torch/dtype.js'
import { no_grad, scope } from '../../torch/modes.js'
import type { TokenClassifierOutput } from '../modeling/outputs.js'
import { BOOLEAN, oneOf, TOKENS } from '../tokenization/options.js'
import {
  type AggregationStrategy,
  aggregationStrategies,
  type EntityContext,
  type EntityGroup,
  entityGroups,
  type TokenEntity,
  tokenEntities,
  withoutOverlaps,
} from './entities.js'
import { labelledTokens, type Sentence, sentencesOf } from './labelled-tokens.js'
import type { ModelRow } from './model-rows.js'
import { Pipeline, type Prepared } from './pipeline.js'
import { rowValues } from './row-values.js'
import type { RunOptions } from './run-options.js'
import { checkText } from './texts.js'

export interface TokenClassificationOptions {
  /** How tokens become entities. Default `'none'`: each token is answered. */
  aggregation_strategy?: AggregationStrategy
  /** Labels that are left out. Default `['O']`. */
  ignore_labels?: readonly string[]
  /**
   * Read all of a text that is longer than the model takes, in windows of `tokenizer.model_max_length` tokens of which
   * neighbours share this many. Needs an `aggregation_strategy`. Without it such texts are cut.
   */
  stride?: number
  /** Inputs are arrays of words. */
  is_split_into_words?: boolean
  /** What stands between the words where `start` and `end` count. Default a blank. */
  delimiter?: string
}

interface Settings {
  readonly strategy: AggregationStrategy
  readonly ignored: ReadonlySet<string>
  readonly stride: number | undefined
  /** Between the words of an input; undefined where inputs are texts. */
  readonly delimiter: string | undefined
}

interface Types {
  input: string | readonly string[]
  answer: TokenEntity[] | EntityGroup[]
  options: TokenClassificationOptions
  settings: Settings
  context: Sentence
  outputs: TokenClassifierOutput
  /** (tokens × labels) probabilities of one row, padding behind. */
  kept: Float32Array
}

type Options = TokenClassificationOptions & RunOptions

/** What the options make of one text: those of the call go before those of the pipeline. */
type Each<Given, Defaults> =
  StrategyOf<Given, StrategyOf<Defaults, 'none'>> extends 'none' ? TokenEntity[] : EntityGroup[]
type StrategyOf<Options, Otherwise> = Options extends {
  readonly aggregation_strategy: infer Strategy extends AggregationStrategy
}
  ? Strategy
  : Otherwise

export interface TokenClassificationPipeline<Defaults extends object = object> {
  <
    const Input extends string | readonly string[] | readonly (readonly string[])[],
    const Given extends Options = Record<never, never>,
  >(
    inputs: Input,
    options?: Given,
  ): Promise<Input extends string ? Each<Given, Defaults> : Each<Given, Defaults>[]>
}

/**
 * transformers TokenClassificationPipeline, for models with a token classification head: a text is answered by its
 * tokens with their labels, or by the entities that they make, `text.slice(start, end)` each.
 *
 * As in Transformers, one array of words (`is_split_into_words`) is answered by an array of one answer.
 *
 * @typeParam Defaults the options that it was made with
 */
export class TokenClassificationPipeline<Defaults extends object = object> extends Pipeline<Types> {
  static readonly task = 'token-classification'
  static readonly heads = ['token-classification'] as const
  static readonly autoClass = 'AutoModelForTokenClassification'
  static readonly optionRules = {
    aggregation_strategy: oneOf(...aggregationStrategies),
    ignore_labels: [Array.isArray, 'an array of labels'] as const,
    stride: TOKENS,
    is_split_into_words: BOOLEAN,
    delimiter: [(value: unknown) => typeof value === 'string', 'a string'] as const,
  }

  protected override call(inputs: Types['input'] | readonly Types['input'][], options: Options = {}) {
    const isSplit = options.is_split_into_words ?? this.defaults.is_split_into_words ?? false
    const isOne = isSplit && Array.isArray(inputs) && !inputs.every(Array.isArray)
    return super.call(isOne ? [inputs as readonly string[]] : inputs, options)
  }

  override stream<const Given extends Options = Record<never, never>>(
    inputs: Iterable<Types['input']> | AsyncIterable<Types['input']>,
    options?: Given,
  ): AsyncGenerator<Each<Given, Defaults>, void, undefined> {
    return super.stream(inputs, options) as AsyncGenerator<Each<Given, Defaults>, void, undefined>
  }

  protected override checkInput(input: string | readonly string[], where: string): void {
    if (typeof input === 'string' || !Array.isArray(input)) return void checkText(input, where)
    for (const [i, word] of input.entries()) checkText(word, `${where}[${i}]`)
  }

  protected override settle(options: TokenClassificationOptions): Settings {
    const { aggregation_strategy: strategy = 'none', ignore_labels = ['O'], stride } = options
    const limit = this.tokenizer.model_max_length
    if (stride !== undefined && strategy === 'none') {
      throw new ArgumentError(`stride is ${stride}, but the tokens of windows cannot be joined one by one`, {
        hint: "pass an aggregation_strategy: 'simple', 'first', 'average' or 'max'",
      })
    }
    if (stride !== undefined && stride >= limit) {
      throw new ArgumentError(`stride must be below the tokenizer's model_max_length, ${limit}; is ${stride}`)
    }
    const { is_split_into_words = false, delimiter = ' ' } = options
    return {
      strategy,
      ignored: new Set(ignore_labels),
      stride,
      delimiter: is_split_into_words ? delimiter : undefined,
    }
  }

  protected override preprocess(
    inputs: readonly (string | readonly string[])[],
    { delimiter, stride }: Settings,
    nameOf: (i: number) => string,
  ): Promise<Prepared<Sentence>[]> {
    return sentencesOf(this.tokenizer, inputs, delimiter, stride, nameOf)
  }

  protected override keep({ logits }: TokenClassifierOutput, _rows: readonly ModelRow[]): Float32Array[] {
    return no_grad(() => scope(() => rowValues(logits.to({ dtype: float32 }).softmax(-1))))
  }

  protected override postprocess(
    { text, windows }: Sentence,
    kept: readonly Float32Array[],
    { strategy, ignored }: Settings,
  ): TokenEntity[] | EntityGroup[] {
    const { tokenizer, model } = this
    const { id2label, num_labels } = model.config
    const context: EntityContext = {
      labelOf: (index) => id2label[index] as string,
      textOf: (tokens) => tokenizer.convert_tokens_to_string(tokens),
    }
    const tokens = windows.map((window, i) =>
      labelledTokens(tokenizer, text, window, kept[i] as Float32Array, num_labels),
    )
    if (strategy === 'none') {
      return tokens
        .flatMap((window) => tokenEntities(window, context))
        .filter(({ entity }) => !ignored.has(entity))
    }
    const groups = tokens
      .flatMap((window) => entityGroups(window, strategy, context))
      .filter(({ entity_group }) => !ignored.has(entity_group))
    return windows.length > 1 ? withoutOverlaps(groups) : groups
  }

  protected override truncationHint(limit: number): string {
    return `set tokenizer.model_max_length = ${limit}: longer texts are cut, or read in windows with a stride`
  }
}
