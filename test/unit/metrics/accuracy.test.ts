import { expect, test } from 'vitest'

import { ArgumentError, ShapeError } from '../../../lib/errors.js'
import { accuracy_score } from '../../../lib/metrics/index.js'

test('counts equal labels', () => {
  expect(accuracy_score([0, 0, 0, 1, 1, 2, 2, 2, 2, 3], [0, 1, 0, 1, 1, 2, 0, 2, 2, 1])).toBe(0.7)
})

test('takes what a tensor of int64 gives', () => {
  expect(accuracy_score([0, 1], BigInt64Array.of(0n, 0n))).toBe(0.5)
})

test('refuses lists of different lengths, empty lists and what is no class index', () => {
  expect(() => accuracy_score([0, 1], [0])).toThrow(new ShapeError('y_true has 2 labels, y_pred has 1'))
  expect(() => accuracy_score([], [])).toThrow(ShapeError)
  expect(() => accuracy_score([0], [0.5])).toThrow(/y_pred\[0\] must be a class index.*is 0\.5/)
  expect(() => accuracy_score([-100], [0])).toThrow(ArgumentError)
})
