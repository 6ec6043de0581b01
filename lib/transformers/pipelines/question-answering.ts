/** Answers to questions, found in texts. */

import { ArgumentError } from '../../errors.js'
import type { QuestionAnsweringModelOutput } from '../modeling/outputs.js'
import { BOOLEAN, SOME_TOKENS, TOKENS } from '../tokenization/options.js'
import { type Answer, answersOf, type Question, questionsOf, type WindowSettings } from './answers.js'
import type { ModelRow } from './model-rows.js'
import { Pipeline, type Prepared } from './pipeline.js'
import { rowValues } from './row-values.js'
import type { RunOptions } from './run-options.js'
import { checkText } from './texts.js'

/** A question, and the text that answers it. */
export interface QuestionInput {
  readonly question: string
  readonly context: string
}

/** Several questions about one text, or each about its own. */
export interface QuestionsInput {
  readonly question: readonly string[]
  readonly context: string | readonly string[]
}

export interface QuestionAnsweringOptions {
  /** How many answers, the likeliest first; fewer where there are no more. Default 1. */
  top_k?: number
  /** Tokens that neighbouring windows of a long context share. Default 128, at most half of `max_seq_len`. */
  doc_stride?: number
  /** Tokens of an answer at most. Default 15. */
  max_answer_len?: number
  /** Tokens of a window, the question and special tokens included. Default 384, or what the model takes. */
  max_seq_len?: number
  /** Longer questions are cut. Default: never, as in Transformers with fast tokenizers. */
  max_question_len?: number
  /** Also consider that there is no answer: `''`. Default false. */
  handle_impossible_answer?: boolean
  /** Widen answers to whole words. Default true; where no blanks separate words, false may be better. */
  align_to_words?: boolean
}

interface Settings extends WindowSettings {
  readonly top_k: number
  readonly max_answer_len: number
  readonly handle_impossible_answer: boolean
  readonly align_to_words: boolean
}

interface Types {
  input: QuestionInput
  answer: Answer | Answer[]
  options: QuestionAnsweringOptions
  settings: Settings
  context: Question
  outputs: QuestionAnsweringModelOutput
  kept: WindowLogits
}

/** (tokens) each, padding behind. */
interface WindowLogits {
  readonly start: Float32Array
  readonly end: Float32Array
}

type Options = QuestionAnsweringOptions & RunOptions
type Inputs = QuestionInput | QuestionsInput | readonly QuestionInput[]

/** One answer unless more were asked for; then there may still be just one. */
type Each<Given, Defaults> = Given extends { readonly top_k: infer Count }
  ? ByCount<Count>
  : Defaults extends { readonly top_k: infer Count }
    ? ByCount<Count>
    : Answer
type ByCount<Count> = Count extends 1 | undefined ? Answer : Answer | Answer[]

type Result<Input, Each> = Input extends QuestionInput
  ? Each
  : Input extends { readonly question: readonly [unknown] } | readonly [unknown]
    ? Each
    : Each[]

export interface QuestionAnsweringPipeline<Defaults extends object = object> {
  <const Input extends Inputs, const Given extends Options = Record<never, never>>(
    inputs: Input,
    options?: Given,
  ): Promise<Result<Input, Each<Given, Defaults>>>
  <const Given extends Options = Record<never, never>>(
    question: string,
    context: string,
    options?: Given,
  ): Promise<Each<Given, Defaults>>
}

/**
 * transformers QuestionAnsweringPipeline, for models with a question answering head: a question about a text is
 * answered by the part of the text that the model takes for the answer, `context.slice(start, end)`.
 *
 * As in Transformers, an array of one question is answered as a single one, and an array of one answer as that answer.
 *
 * @typeParam Defaults the options that it was made with
 */
export class QuestionAnsweringPipeline<Defaults extends object = object> extends Pipeline<Types> {
  static readonly task = 'question-answering'
  static readonly heads = ['question-answering'] as const
  static readonly autoClass = 'AutoModelForQuestionAnswering'
  static readonly optionRules = {
    top_k: [
      (value: unknown) => Number.isSafeInteger(value) && Number(value) > 0,
      'a whole number, 1 or more',
    ] as const,
    doc_stride: TOKENS,
    max_answer_len: SOME_TOKENS,
    max_seq_len: SOME_TOKENS,
    max_question_len: SOME_TOKENS,
    handle_impossible_answer: BOOLEAN,
    align_to_words: BOOLEAN,
  }

  protected override call(first: Inputs | string, second?: string | Options, third?: Options) {
    const isPair = typeof first === 'string' && typeof second === 'string'
    const inputs = isPair ? { question: first, context: second } : (first as Inputs)
    const options = (isPair ? third : second) as Options | undefined
    const all = Array.isArray(inputs) ? inputs : pairs(inputs as QuestionInput | QuestionsInput)
    return super.call(all.length === 1 ? (all[0] as QuestionInput) : all, options)
  }

  override stream<const Given extends Options = Record<never, never>>(
    inputs: Iterable<QuestionInput> | AsyncIterable<QuestionInput>,
    options?: Given,
  ): AsyncGenerator<Each<Given, Defaults>, void, undefined> {
    return super.stream(inputs, options) as AsyncGenerator<Each<Given, Defaults>, void, undefined>
  }

  protected override checkInput(input: QuestionInput, where: string): void {
    for (const name of ['question', 'context'] as const) {
      const value = checkText(
        (input as Partial<QuestionInput> | null | undefined)?.[name],
        `${where}.${name}`,
      )
      if (value === '') throw new ArgumentError(`${where}.${name} is empty`)
    }
  }

  protected override settle(options: QuestionAnsweringOptions): Settings {
    const { max_seq_len = Math.min(this.tokenizer.model_max_length, 384) } = options
    const { doc_stride = Math.min(Math.floor(max_seq_len / 2), 128), max_question_len } = options
    if (doc_stride > max_seq_len) {
      throw new ArgumentError(`doc_stride ${doc_stride} is larger than max_seq_len ${max_seq_len}`)
    }
    const { top_k = 1, max_answer_len = 15 } = options
    const { handle_impossible_answer = false, align_to_words = true } = options
    return {
      max_seq_len,
      doc_stride,
      max_question_len,
      top_k,
      max_answer_len,
      handle_impossible_answer,
      align_to_words,
    }
  }

  protected override preprocess(
    inputs: readonly QuestionInput[],
    settings: Settings,
  ): Promise<Prepared<Question>[]> {
    return questionsOf(this.tokenizer, inputs, settings)
  }

  protected override keep(
    { start_logits, end_logits }: QuestionAnsweringModelOutput,
    _rows: readonly ModelRow[],
  ): WindowLogits[] {
    const ends = rowValues(end_logits)
    return rowValues(start_logits).map((start, i) => ({ start, end: ends[i] as Float32Array }))
  }

  protected override postprocess(
    question: Question,
    kept: readonly WindowLogits[],
    settings: Settings,
  ): Answer | Answer[] {
    const answers = answersOf(question, kept, settings)
    return answers.length === 1 ? (answers[0] as Answer) : answers
  }

  protected override truncationHint(limit: number): string {
    return `pass max_seq_len: ${limit}`
  }
}

/** Each question with its text. */
function pairs(given: QuestionInput | QuestionsInput): QuestionInput[] {
  const { question, context } = (given ?? {}) as QuestionsInput
  if (!Array.isArray(question)) return [given as QuestionInput]
  if (Array.isArray(context) && context.length !== question.length) {
    throw new ArgumentError(`there are ${question.length} questions but ${context.length} contexts`)
  }
  return question.map((each, i) => ({
    question: each,
    context: Array.isArray(context) ? context[i] : context,
  }))
}
