import { expect, test } from 'vitest'

import { ArgumentError, IndexError } from '../../../lib/errors.js'
import { confusion_matrix } from '../../../lib/metrics/index.js'

// Expected values: sklearn.metrics.confusion_matrix 1.9.1.
test('rows are true classes, columns predicted ones', () => {
  expect(confusion_matrix([0, 0, 0, 1, 1, 2, 2, 2, 2, 3], [0, 1, 0, 1, 1, 2, 0, 2, 2, 1])).toEqual([
    [2, 1, 0, 0],
    [0, 2, 0, 0],
    [1, 0, 3, 0],
    [0, 1, 0, 0],
  ])
})

test('num_labels adds classes that do not occur', () => {
  expect(confusion_matrix([0, 0], [0, 0], { num_labels: 2 })).toEqual([
    [2, 0],
    [0, 0],
  ])
})

test('refuses labels beyond num_labels and an impossible num_labels', () => {
  expect(() => confusion_matrix([0, 2], [0, 1], { num_labels: 2 })).toThrow(
    new IndexError('label 2 is out of range, num_labels is 2'),
  )
  expect(() => confusion_matrix([0], [0], { num_labels: 0 })).toThrow(ArgumentError)
})
