/** SQuAD's official scores. */

import { ArgumentError, ShapeError } from '../../errors.js'
import { compute_exact, compute_f1, normalize_answer } from './answers.js'
import { apply_no_ans_threshold, find_best_thresh, type Questions } from './thresholds.js'

/** A question with its right answers, as the rows of a SQuAD data set are; no texts: it has no answer. */
export interface SquadReference {
  readonly id: string
  readonly answers: { readonly text: readonly string[] }
}

/** Options of `squad_evaluate`. */
export interface SquadOptions {
  /** Probability, by question, that there is no answer. With it the best thresholds are looked for. */
  no_answer_probs?: Readonly<Record<string, number>>
  /** A prediction counts as empty above it. Default 1: never. */
  no_answer_probability_threshold?: number
}

type Scores = ReadonlyMap<string, number>

/**
 * Exact match and F1 in per cent, with names and results of the official `evaluate-v2.0.py`: `exact`, `f1`, `total`,
 * the same with `HasAns_` and `NoAns_` where there are such questions, and with `no_answer_probs` `best_exact`,
 * `best_exact_thresh`, `best_f1`, `best_f1_thresh`. Called as Transformers' `squad_evaluate`.
 *
 * @param preds answers by question id; '' where there is none
 * @throws ArgumentError for a question without prediction or probability, ShapeError without questions.
 */
export function squad_evaluate(
  examples: Iterable<SquadReference>,
  preds: Readonly<Record<string, string>>,
  options: SquadOptions = {},
): Record<string, number> {
  const { no_answer_probs, no_answer_probability_threshold = 1 } = options
  const references = [...examples]
  if (references.length === 0) throw new ShapeError('squad_evaluate needs at least one question, got none')
  const exact = new Map<string, number>()
  const f1 = new Map<string, number>()
  const hasAnswer = new Map<string, boolean>()
  for (const { id, answers } of references) {
    const prediction = predictionFor(id, preds)
    if (no_answer_probs) requireProbability(id, no_answer_probs)
    const golden = answers.text.filter((text) => normalize_answer(text) !== '')
    if (golden.length === 0) golden.push('')
    exact.set(id, Math.max(...golden.map((text) => compute_exact(text, prediction))))
    f1.set(id, Math.max(...golden.map((text) => compute_f1(text, prediction))))
    hasAnswer.set(id, answers.text.length > 0)
  }
  const noAnswer = no_answer_probs ?? Object.fromEntries(Array.from(exact.keys(), (id) => [id, 0]))
  const questions: Questions = { hasAnswer, predictions: preds, noAnswer }
  const apply = (scores: Scores) => apply_no_ans_threshold(scores, questions, no_answer_probability_threshold)
  const applied: [Scores, Scores] = [apply(exact), apply(f1)]
  const having = (wanted: boolean) => [...hasAnswer.keys()].filter((id) => hasAnswer.get(id) === wanted)
  return {
    ...summary('', applied, [...exact.keys()]),
    ...summary('HasAns_', applied, having(true)),
    ...summary('NoAns_', applied, having(false)),
    ...(no_answer_probs && bestThresholds(exact, f1, questions)),
  }
}

/**
 * Exact match and F1 in per cent, with names and results of the official `evaluate-v1.1.py`: `exact_match`, `f1`.
 * A question without prediction counts as wrong, as there.
 *
 * @param preds answers by question id
 * @throws ShapeError without questions, or for one without right answers.
 */
export function squad_v1_evaluate(
  examples: Iterable<SquadReference>,
  preds: Readonly<Record<string, string>>,
): { exact_match: number; f1: number } {
  let [exact, f1, total] = [0, 0, 0]
  for (const { id, answers } of examples) {
    total++
    const golden = answers.text
    if (golden.length === 0) {
      throw new ShapeError(`question ${id} has no answer, in SQuAD v1 every question has one`, {
        hint: 'squad_evaluate is for SQuAD v2',
      })
    }
    const prediction = Object.hasOwn(preds, id) ? preds[id] : undefined
    if (prediction === undefined) continue
    exact += Math.max(...golden.map((text) => compute_exact(text, prediction)))
    f1 += Math.max(...golden.map((text) => f1OfVersion1(text, prediction)))
  }
  if (total === 0) throw new ShapeError('squad_v1_evaluate needs at least one question, got none')
  return { exact_match: (100 * exact) / total, f1: (100 * f1) / total }
}

// Version 1.1 knows no empty answers: without a common word the score is 0.
const f1OfVersion1 = (golden: string, prediction: string) =>
  normalize_answer(golden) === '' ? 0 : compute_f1(golden, prediction)

function predictionFor(id: string, preds: Readonly<Record<string, string>>): string {
  const prediction = Object.hasOwn(preds, id) ? preds[id] : undefined
  if (typeof prediction === 'string') return prediction
  throw new ArgumentError(`there is no prediction for question ${id}`, {
    hint: "preds has an answer for every question, '' where there is none",
  })
}

function requireProbability(id: string, probabilities: Readonly<Record<string, number>>): void {
  const value = Object.hasOwn(probabilities, id) ? probabilities[id] : undefined
  if (typeof value === 'number' && !Number.isNaN(value)) return
  throw new ArgumentError(`no_answer_probs must have a number for question ${id}, has ${value}`)
}

function summary(prefix: string, [exact, f1]: [Scores, Scores], ids: string[]): Record<string, number> {
  if (ids.length === 0) return {}
  const mean = (scores: Scores) =>
    (100 * ids.reduce((sum, id) => sum + (scores.get(id) as number), 0)) / ids.length
  return { [`${prefix}exact`]: mean(exact), [`${prefix}f1`]: mean(f1), [`${prefix}total`]: ids.length }
}

function bestThresholds(exact: Scores, f1: Scores, questions: Questions): Record<string, number> {
  const [best_exact, best_exact_thresh] = find_best_thresh(exact, questions)
  const [best_f1, best_f1_thresh] = find_best_thresh(f1, questions)
  return { best_exact, best_exact_thresh, best_f1, best_f1_thresh }
}
