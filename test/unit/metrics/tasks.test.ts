import { expect, test } from 'vitest'

import { ArgumentError, ShapeError } from '../../../lib/errors.js'
import {
  glue_compute_metrics,
  multiple_choice_accuracy,
  pearsonr,
  perplexity,
} from '../../../lib/metrics/index.js'

// Expected values: transformers.glue_compute_metrics 4.57.6.
test('glue_compute_metrics gives the names of Transformers', () => {
  const [preds, labels] = [[1, 0, 1, 1], BigInt64Array.of(1n, 0n, 0n, 1n)]
  expect(glue_compute_metrics('sst-2', preds, labels)).toEqual({ acc: 0.75 })
  expect(glue_compute_metrics('mnli-mm', preds, labels)).toEqual({ 'mnli-mm/acc': 0.75 })
  expect(glue_compute_metrics('mrpc', preds, labels)).toEqual({ acc: 0.75, f1: 0.8, acc_and_f1: 0.775 })
  expect(glue_compute_metrics('cola', preds, labels).mcc).toBeCloseTo(0.5773502691896258, 15)
  const scores = glue_compute_metrics('sts-b', Float32Array.of(0.5, 4, 2.5, 3), [1, 5, 2, 2])
  expect(scores.pearson).toBeCloseTo(0.8498365855987976, 14)
  expect(scores.spearmanr).toBeCloseTo(0.9486832980505139, 14)
  expect(scores.corr).toBeCloseTo(0.8992599418246557, 14)
})

test('an unknown task is refused with those that there are', () => {
  expect(() => glue_compute_metrics('sst2' as 'sst-2', [1], [1])).toThrow(/task 'sst2'\n {2}hint: .*sst-2/)
  expect(() => glue_compute_metrics('toString' as 'sst-2', [1], [1])).toThrow(ArgumentError)
})

test('perplexity weighs batches by their tokens', () => {
  expect(perplexity(Math.log(20))).toBeCloseTo(20, 12)
  expect(perplexity([1, 2])).toBeCloseTo(Math.exp(1.5), 14)
  expect(perplexity([1, 2], [3, 1])).toBeCloseTo(Math.exp(1.25), 14)
  expect(perplexity([1, Number.POSITIVE_INFINITY], [3, 0])).toBeCloseTo(Math.E, 14)
  expect(perplexity(1000)).toBe(Number.POSITIVE_INFINITY)
  expect(() => perplexity(Number.NaN)).toThrow(ArgumentError)
  expect(() => perplexity([1], [1, 2])).toThrow(ShapeError)
  expect(() => perplexity([])).toThrow(ShapeError)
  expect(() => perplexity([1], [0])).toThrow(ShapeError)
})

test('multiple_choice_accuracy takes the first of equal scores', () => {
  const logits = [[0, 2, 1], Float32Array.of(3, 3, 0), [-1, -2, -0.5]]
  expect(multiple_choice_accuracy(logits, [1, 0, 2])).toBe(1)
  expect(multiple_choice_accuracy(logits, [1, 1, 0])).toBeCloseTo(1 / 3, 15)
  expect(() => multiple_choice_accuracy([[0, Number.NaN]], [0])).toThrow(/question 0, choice 1 is NaN/)
  expect(() => multiple_choice_accuracy([[]], [0])).toThrow(ShapeError)
})

test('a correlation refuses what has none', () => {
  expect(() => pearsonr([1], [1])).toThrow(ShapeError)
  expect(() => pearsonr([1, 2], [1])).toThrow(new ShapeError('x has 2 values, y has 1'))
  expect(() => pearsonr([1, Number.NaN], [1, 2])).toThrow(/x\[1\] must be a finite number, is NaN/)
})
