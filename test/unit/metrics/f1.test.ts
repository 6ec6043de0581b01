import { expect, test } from 'vitest'

import { ArgumentError } from '../../../lib/errors.js'
import { f1_score } from '../../../lib/metrics/index.js'

// Expected values: sklearn.metrics.f1_score 1.9.1.
const truth = [0, 0, 0, 1, 1, 2, 2, 2, 2, 3]
const predicted = [0, 1, 0, 1, 1, 2, 0, 2, 2, 1]

test.each([
  ['macro', 0.5476190476190476],
  ['micro', 0.7],
  ['weighted', 0.6761904761904761],
] as const)('%s', (average, expected) => {
  expect(f1_score(truth, predicted, { average })).toBeCloseTo(expected, 15)
})

test('binary, of either class', () => {
  const y_true = [0, 0, 1, 1, 1, 0, 1, 0, 1]
  const y_pred = [0, 1, 1, 1, 0, 0, 1, 0, 0]
  expect(f1_score(y_true, y_pred)).toBeCloseTo(2 / 3, 15)
  expect(f1_score(y_true, y_pred, { pos_label: 0 })).toBeCloseTo(2 / 3, 15)
  expect(f1_score([0, 1, 1, 1], [0, 0, 1, 1])).toBeCloseTo(0.8, 15)
  expect(f1_score([0, 1, 1, 1], [0, 0, 1, 1], { pos_label: 0 })).toBeCloseTo(2 / 3, 15)
})

test('a class that is never found scores 0, one that does not occur is left out of the mean', () => {
  expect(f1_score([0, 1, 0], [0, 0, 0])).toBe(0)
  expect(f1_score([0, 0], [0, 0])).toBe(0)
  expect(f1_score([0, 1, 0], [0, 0, 0], { average: 'macro' })).toBeCloseTo(0.4, 15)
  expect(f1_score([0, 2], [0, 2], { average: 'macro' })).toBe(1)
})

test('binary refuses a third class and says what to do', () => {
  expect(() => f1_score([0, 2], [0, 1])).toThrow(ArgumentError)
  expect(() => f1_score([0, 2], [0, 1])).toThrow(/label 2\n {2}hint: pass average/)
  expect(() => f1_score([0, 1], [0, 1], { pos_label: 2 })).toThrow(/pos_label must be 0 or 1, is 2/)
})
