/** Questions as windows of tokens, and what the model says of the windows as answers: `QuestionAnsweringPipeline`. */

import type { Encoding } from '../tokenization/encoding.js'
import type { Span } from '../tokenization/sequence.js'
import { answerSpans } from './answer-spans.js'
import type { PipelineTokenizer } from './forward.js'
import { rowOf } from './model-rows.js'
import type { Prepared } from './pipeline.js'

/** A part of a text that answers a question; `context.slice(start, end)` is `answer`. */
export interface Answer {
  /** Probability of the answer in its window; those of windows that found the same text are added. */
  score: number
  /** UTF-16 units of the context. */
  start: number
  end: number
  answer: string
}

/** A question's text, and the windows in which the model reads it. */
export interface Question {
  readonly text: string
  readonly windows: readonly Window[]
}

interface Window {
  readonly encoding: Encoding
  /** By token: whether it may be part of an answer. */
  readonly allowed: readonly boolean[]
  /** Which of the two texts of a row the context is. */
  readonly contextIndex: number
}

export interface WindowSettings {
  readonly max_seq_len: number
  readonly doc_stride: number
  readonly max_question_len: number | undefined
}

/** Tokenizes questions with their texts, in windows where a text is long. */
export async function questionsOf(
  tokenizer: PipelineTokenizer,
  inputs: readonly { readonly question: string; readonly context: string }[],
  { max_seq_len, doc_stride, max_question_len }: WindowSettings,
): Promise<Prepared<Question>[]> {
  const questionFirst = tokenizer.padding_side === 'right'
  const questions = await cutQuestions(
    tokenizer,
    inputs.map(({ question }) => question),
    max_question_len,
  )
  const pairs = inputs.map(({ context }, i) => {
    const question = questions[i] as string
    return questionFirst ? [question, context] : [context, question]
  })
  const { encodings, overflow_to_sample_mapping: samples } = await tokenizer.batch_encode_plus(pairs, {
    truncation: questionFirst ? 'only_second' : 'only_first',
    max_length: max_seq_len,
    stride: doc_stride,
    return_overflowing_tokens: true,
  })
  const contextIndex = questionFirst ? 1 : 0
  return inputs.map(({ context: text }, sample) => {
    const windows = encodings
      .filter((_, row) => (samples as number[])[row] === sample)
      .map((encoding) => ({ encoding, allowed: allowedIn(encoding, contextIndex, tokenizer), contextIndex }))
    const rows = windows.map(({ encoding }) => rowOf(encoding, tokenizer.model_input_names))
    return { rows, context: { text, windows } }
  })
}

async function cutQuestions(
  tokenizer: PipelineTokenizer,
  questions: readonly string[],
  limit: number | undefined,
): Promise<readonly string[]> {
  if (limit === undefined) return questions
  const { encodings } = await tokenizer.batch_encode_plus(questions, {
    add_special_tokens: false,
    verbose: false,
  })
  return questions.map((question, i) => {
    const { offsets = [] } = encodings[i] ?? {}
    return offsets.length > limit ? question.slice(0, offsets[limit - 1]?.[1]) : question
  })
}

/**
 * The tokens of the context, and the classifier's, which stands for "no answer". Where the tokenizer pads on the left
 * Transformers allows the question's tokens, too, and answers with places of the question; here they never count.
 */
function allowedIn({ sequence_ids, ids }: Encoding, contextIndex: number, tokenizer: PipelineTokenizer) {
  return sequence_ids.map((sequence, i) => sequence === contextIndex || ids[i] === tokenizer.cls_token_id)
}

export interface AnswerSettings {
  readonly top_k: number
  readonly max_answer_len: number
  readonly handle_impossible_answer: boolean
  readonly align_to_words: boolean
}

/** Stands for no answer, and where there is nothing to answer with. */
const nothing = (score: number): Answer => ({ score, start: 0, end: 0, answer: '' })

/**
 * The best answers over all windows, likeliest first. Texts that differ in upper and lower case only are one answer.
 *
 * @param logits by window
 */
export function answersOf(
  { text, windows }: Question,
  logits: readonly { readonly start: Float32Array; readonly end: Float32Array }[],
  { top_k, max_answer_len, handle_impossible_answer, align_to_words }: AnswerSettings,
): Answer[] {
  const answers = new Map<string, Answer>()
  let nullScore = 1e6
  // Widened to words, several spans become one.
  const wanted = align_to_words ? top_k * 2 + 10 : top_k
  for (const [i, { encoding, allowed, contextIndex }] of windows.entries()) {
    const { start, end } = logits[i] as { start: Float32Array; end: Float32Array }
    const scores = { start: start.subarray(0, allowed.length), end: end.subarray(0, allowed.length), allowed }
    const found = answerSpans(scores, wanted, max_answer_len)
    nullScore = Math.min(nullScore, found.nullScore)
    const places = placesOf(encoding, contextIndex, align_to_words)
    for (const { first, last, score } of found.spans) {
      const [from, to] = places(first, last)
      const answer = text.slice(from, to)
      const known = answers.get(answer.toLowerCase())
      if (known) known.score += score
      else answers.set(answer.toLowerCase(), { score, start: from, end: to, answer })
    }
  }
  const all = [...answers.values()]
  if (handle_impossible_answer) all.push(nothing(nullScore))
  if (all.length === 0) return [nothing(0)]
  return all.sort((a, b) => b.score - a.score).slice(0, top_k)
}

/** Where in the text a span of tokens lies, widened to whole words where the tokenizer knows of words. */
function placesOf(encoding: Encoding, contextIndex: number, alignToWords: boolean) {
  const { offsets, word_ids } = encoding
  const wordAt = (token: number): Span | null => {
    const word = alignToWords ? word_ids[token] : null
    return word === null || word === undefined ? null : encoding.word_to_chars(word, contextIndex)
  }
  return (first: number, last: number): [start: number, end: number] => {
    const words = [wordAt(first), wordAt(last)] as const
    if (words[0] && words[1]) return [words[0][0], words[1][1]]
    return [offsets[first]?.[0] ?? 0, offsets[last]?.[1] ?? 0]
  }
}
