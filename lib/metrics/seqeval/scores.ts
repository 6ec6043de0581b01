/** Precision, recall and F1 of spans. */

import { ArgumentError } from '../../errors.js'
import { defaultSpans } from './default-spans.js'
import type { Scheme } from './schemes.js'
import { countSpans, requireSameShape, type SpanCounts, type TagSequences } from './sequences.js'
import { strictSpans } from './strict-spans.js'

/** Options of seqeval's scores. */
export interface SpanOptions {
  /** 'strict': only spans that obey `scheme` count; default: as conlleval.pl, whatever the scheme. */
  mode?: 'strict'
  /** Needed by `mode: 'strict'`. */
  scheme?: Scheme
  /** Whether B, I, … stand at the end of a tag: `PER-B`. */
  suffix?: boolean
  /** The score where nothing is predicted or nothing is true. Default 0; Python warns, too. */
  zero_division?: 0 | 1
}

/** Options of a score that is one number. */
export interface AveragedSpanOptions extends SpanOptions {
  /** `micro` (default): of all spans together; `macro`: mean over the types; `weighted`: by how often a type is true. */
  average?: 'micro' | 'macro' | 'weighted'
}

/** Scores from 0 to 1 and the number of true spans. */
export interface SpanScores {
  readonly precision: number
  readonly recall: number
  readonly f1: number
  readonly support: number
}

export type Average = NonNullable<AveragedSpanOptions['average']>

/** @throws ShapeError, ArgumentError for sequences or options that do not fit. */
export function spanCounts(y_true: TagSequences, y_pred: TagSequences, options: SpanOptions): SpanCounts[] {
  requireSameShape(y_true, y_pred)
  const { mode, scheme, suffix = false } = options
  if (mode !== undefined && mode !== 'strict') {
    throw new ArgumentError(`mode must be 'strict' or left out, is '${mode}'`)
  }
  if (mode === undefined) return countSpans(defaultSpans(y_true, suffix), defaultSpans(y_pred, suffix))
  if (scheme === undefined) {
    throw new ArgumentError("mode 'strict' needs a scheme", {
      hint: "pass scheme: 'IOB2', or what the tags are",
    })
  }
  return countSpans(strictSpans(y_true, scheme, suffix), strictSpans(y_pred, scheme, suffix))
}

export function scoresOf(counts: Omit<SpanCounts, 'type'>, zeroDivision: number): SpanScores {
  const { correct, predicted, support } = counts
  const precision = predicted === 0 ? zeroDivision : correct / predicted
  const recall = support === 0 ? zeroDivision : correct / support
  const both = precision + recall
  return { precision, recall, f1: both === 0 ? 0 : (2 * precision * recall) / both, support }
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

/** @throws ArgumentError for an unknown average. */
export function averaged(counts: readonly SpanCounts[], average: Average, zeroDivision: number): SpanScores {
  const all = {
    correct: sum(counts.map(({ correct }) => correct)),
    predicted: sum(counts.map(({ predicted }) => predicted)),
    support: sum(counts.map(({ support }) => support)),
  }
  if (average === 'micro') return scoresOf(all, zeroDivision)
  if (average !== 'macro' && average !== 'weighted') {
    throw new ArgumentError(`average must be 'micro', 'macro' or 'weighted', is '${average}'`)
  }
  const isWeighted = average === 'weighted'
  if (isWeighted ? all.support === 0 : counts.length === 0) {
    const value = all.predicted === 0 ? zeroDivision : 0
    return { precision: value, recall: zeroDivision, f1: value, support: all.support }
  }
  const scores = counts.map((count) => scoresOf(count, zeroDivision))
  const mean = (name: 'precision' | 'recall' | 'f1') =>
    sum(scores.map((score) => score[name] * (isWeighted ? score.support : 1))) /
    (isWeighted ? all.support : counts.length)
  return { precision: mean('precision'), recall: mean('recall'), f1: mean('f1'), support: all.support }
}

const score =
  (name: 'precision' | 'recall' | 'f1') =>
  (y_true: TagSequences, y_pred: TagSequences, options: AveragedSpanOptions = {}): number => {
    const { average = 'micro', zero_division = 0 } = options
    return averaged(spanCounts(y_true, y_pred, options), average, zero_division)[name]
  }

/**
 * Harmonic mean of precision and recall of spans, 0 to 1. Name, options and results of seqeval's `f1_score`, but
 * `mode: 'strict'` without `scheme` is an error here and ignored there.
 *
 * @throws ShapeError, ArgumentError for sequences or options that do not fit.
 */
export const f1_score = score('f1')
/** Part of the predicted spans that are true; else as `f1_score`. */
export const precision_score = score('precision')
/** Part of the true spans that are predicted; else as `f1_score`. */
export const recall_score = score('recall')

/** Part of the words whose tag is right, 0 to 1; 0 without words. Of seqeval's `accuracy_score`. @throws ShapeError */
export function accuracy_score(y_true: TagSequences, y_pred: TagSequences): number {
  requireSameShape(y_true, y_pred)
  const total = sum(y_true.map((tags) => tags.length))
  const right = sum(y_true.map((tags, i) => tags.filter((tag, j) => tag === y_pred[i]?.[j]).length))
  return total === 0 ? 0 : right / total
}
