import { expect, test } from 'vitest'

import { ArgumentError, ShapeError } from '../../../lib/errors.js'
import { seqeval } from '../../../lib/metrics/index.js'

test('get_entities gives both ends', () => {
  expect(seqeval.get_entities(['B-PER', 'I-PER', 'O', 'B-LOC'])).toEqual([
    ['PER', 0, 1],
    ['LOC', 3, 3],
  ])
})

test('a report as an object', () => {
  const report = seqeval.classification_report([['B-PER', 'O', 'B-LOC']], [['B-PER', 'O', 'O']], {
    output_dict: true,
  })
  expect(report.PER).toEqual({ precision: 1, recall: 1, 'f1-score': 1, support: 1 })
  expect(Object.keys(report)).toEqual(['LOC', 'PER', 'micro avg', 'macro avg', 'weighted avg'])
  expect(report['micro avg']).toEqual({ precision: 1, recall: 0.5, 'f1-score': 2 / 3, support: 2 })
})

test('auto_detect finds the scheme that the prefixes speak for', () => {
  expect(seqeval.auto_detect([['B-A', 'I-A', 'O']])).toBe('IOB2')
  expect(seqeval.auto_detect([['I-A', 'E-A'], ['O']])).toBe('IOE2')
  expect(seqeval.auto_detect([['A-S']], true)).toBe('IOBES')
  expect(() => seqeval.auto_detect([['I-A', 'O']])).toThrow(/fits no scheme\n {2}hint: pass scheme/)
})

test('sequences that do not fit are named', () => {
  expect(() => seqeval.f1_score([['O']], [])).toThrow(ShapeError)
  expect(() => seqeval.f1_score([['O'], ['O', 'O']], [['O'], ['O']])).toThrow(
    /sentence 1 has 2 tags in y_true, 1/,
  )
  expect(() => seqeval.f1_score([['O']], [['']])).toThrow(/y_pred\[0\]\[0\] must be a tag/)
})

test('options that do not fit are named', () => {
  const strict = { mode: 'strict' } as const
  expect(() => seqeval.f1_score([['O']], [['O']], strict)).toThrow(/needs a scheme\n {2}hint/)
  expect(() => seqeval.f1_score([['O', 'S-A']], [['O', 'O']], { ...strict, scheme: 'IOB2' })).toThrow(
    /tag 'S-A' of sentence 0, word 1 is none of scheme IOB2: its prefixes are I, O, B/,
  )
  expect(() => seqeval.f1_score([['O']], [['O']], { ...strict, scheme: 'IOB' as 'IOB2' })).toThrow(
    ArgumentError,
  )
  expect(() => seqeval.f1_score([['B-A']], [['O']], { average: 'binary' as 'micro' })).toThrow(ArgumentError)
})
