/** Labels for whole texts. */

import { ArgumentError } from '../../errors.js'
import type { SequenceClassifierOutput } from '../modeling/outputs.js'
import { oneOf } from '../tokenization/options.js'
import type { ModelRow } from './model-rows.js'
import { Pipeline, type Prepared } from './pipeline.js'
import { rowValues } from './row-values.js'
import type { RunOptions } from './run-options.js'
import { sigmoid, softmax } from './scores.js'
import { checkText, rowsOfTexts, TOKENIZE_RULES, type TokenizeOptions } from './texts.js'

/** A text, or one or two texts by name. */
export type TextClassificationInput = string | { readonly text: string; readonly text_pair?: string | null }

/** A label and how sure the model is. */
export interface Classification {
  label: string
  score: number
}

export interface TextClassificationOptions extends TokenizeOptions {
  /** How many labels, the best first; null: all. With it every answer is an array. */
  top_k?: number | null
  /**
   * What makes scores of the model's outputs. Default: nothing for regression; `sigmoid` for several labels at once
   * and for a single one; otherwise `softmax`.
   */
  function_to_apply?: 'sigmoid' | 'softmax' | 'none'
}

interface Types {
  input: TextClassificationInput
  answer: Classification | Classification[]
  options: TextClassificationOptions
  settings: TextClassificationOptions
  context: undefined
  outputs: SequenceClassifierOutput
  kept: Float32Array
}

/** Which form an answer has: Python's rule. */
type HasTopK<Options, Defaults> = 'top_k' extends keyof Options
  ? true
  : 'top_k' extends keyof Defaults
    ? true
    : false
type Each<Options, Defaults> = HasTopK<Options, Defaults> extends true ? Classification[] : Classification

type Answer<Input, Options, Defaults> = Input extends readonly unknown[]
  ? Each<Options, Defaults>[]
  : Input extends string
    ? 'top_k' extends keyof Options
      ? Classification[]
      : Each<Options, Defaults>[]
    : Each<Options, Defaults>

type Options = TextClassificationOptions & RunOptions

export interface TextClassificationPipeline<Defaults extends object = object> {
  <
    const Input extends TextClassificationInput | readonly TextClassificationInput[],
    const Given extends Options = Record<never, never>,
  >(
    inputs: Input,
    options?: Given,
  ): Promise<Answer<Input, Given, Defaults>>
}

/**
 * transformers TextClassificationPipeline, for models with a sequence classification head: one text is answered by
 * `[{ label, score }]`, an array by one `{ label, score }` for each, with `top_k` by an array for each.
 *
 * @typeParam Defaults the options that it was made with
 */
export class TextClassificationPipeline<Defaults extends object = object> extends Pipeline<Types> {
  static readonly task = 'text-classification'
  static readonly heads = ['sequence-classification'] as const
  static readonly autoClass = 'AutoModelForSequenceClassification'
  static readonly optionRules = {
    ...TOKENIZE_RULES,
    top_k: [
      (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0,
      'a whole number, 0 or more, or null for all labels',
    ] as const,
    function_to_apply: oneOf('sigmoid', 'softmax', 'none'),
  }

  protected override async call(inputs: TextClassificationInput, options: Options = {}): Promise<unknown> {
    const answer = await super.call(inputs, options)
    return typeof inputs === 'string' && options.top_k === undefined ? [answer] : answer
  }

  override stream<const Given extends Options = Record<never, never>>(
    inputs: Iterable<TextClassificationInput> | AsyncIterable<TextClassificationInput>,
    options?: Given,
  ): AsyncGenerator<Each<Given, Defaults>, void, undefined> {
    return super.stream(inputs, options) as AsyncGenerator<Each<Given, Defaults>, void, undefined>
  }

  protected override checkInput(input: TextClassificationInput, where: string): void {
    if (Array.isArray(input)) {
      throw new ArgumentError(`${where} must be a text or two by name, got an array of ${input.length}`, {
        hint: 'write a pair of texts as { text, text_pair }',
      })
    }
    if (typeof input !== 'object' || input === null) return void checkText(input, where)
    checkText(input.text, `${where}.text`)
    if (input.text_pair !== undefined && input.text_pair !== null)
      checkText(input.text_pair, `${where}.text_pair`)
  }

  protected override settle(options: TextClassificationOptions): TextClassificationOptions {
    return options
  }

  protected override preprocess(
    inputs: readonly TextClassificationInput[],
    { top_k: _, function_to_apply: __, ...tokenize }: TextClassificationOptions,
  ): Promise<Prepared<undefined>[]> {
    return rowsOfTexts(this.tokenizer, inputs.map(textOrPair), tokenize)
  }

  protected override keep({ logits }: SequenceClassifierOutput, _rows: readonly ModelRow[]): Float32Array[] {
    return rowValues(logits)
  }

  protected override postprocess(
    _context: undefined,
    [logits = new Float32Array()]: readonly Float32Array[],
    { top_k, function_to_apply = this.#usualFunction }: TextClassificationOptions,
  ): Classification | Classification[] {
    const { id2label } = this.model.config
    const scores =
      function_to_apply === 'none' ? [...logits] : { sigmoid, softmax }[function_to_apply](logits)
    const all = scores.map((score, id) => ({ label: id2label[id] as string, score }))
    const best = all.toSorted((a, b) => b.score - a.score)
    return top_k === undefined ? (best[0] as Classification) : best.slice(0, top_k ?? all.length)
  }

  get #usualFunction(): 'sigmoid' | 'softmax' | 'none' {
    const { problem_type, num_labels } = this.model.config
    if (problem_type === 'regression') return 'none'
    return problem_type === 'multi_label_classification' || num_labels === 1 ? 'sigmoid' : 'softmax'
  }
}

// An empty second text counts as none, as when the tokenizer is called with one pair.
const textOrPair = (input: TextClassificationInput): string | readonly [string, string] => {
  if (typeof input === 'string') return input
  return input.text_pair ? [input.text, input.text_pair] : input.text
}
