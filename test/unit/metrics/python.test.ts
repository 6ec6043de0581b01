// Golden values: scripts/golden/metrics.py.

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

import { describe, expect, test } from 'vitest'

import * as metrics from '../../../lib/metrics/index.js'

interface Golden {
  classification: { truth: number[]; predicted: number[]; matthews_corrcoef: number }[]
  correlation: {
    x: number[]
    y: number[]
    ranks: number[]
    pearsonr: number | null
    spearmanr: number | null
  }[]
  spans: {
    truth: string[][]
    predicted: string[][]
    scheme: metrics.seqeval.Scheme
    accuracy_score: number
    scores: {
      options: metrics.seqeval.AveragedSpanOptions
      values: Record<'precision_score' | 'recall_score' | 'f1_score', number>
    }[]
    reports: { options: metrics.seqeval.SpanOptions; text: string | null }[]
  }[]
  normalized: [text: string, normalized: string][]
  answers: [gold: string, predicted: string, exact: number, f1: number][]
}

const file = new URL('../../fixtures/metrics/golden.json.gz', import.meta.url)
const golden: Golden = JSON.parse(gunzipSync(readFileSync(file)).toString())

test('matthews_corrcoef', () => {
  for (const { truth, predicted, matthews_corrcoef } of golden.classification) {
    expect(metrics.matthews_corrcoef(truth, predicted)).toBeCloseTo(matthews_corrcoef, 14)
  }
})

test('correlations and ranks', () => {
  for (const { x, y, ranks, pearsonr, spearmanr } of golden.correlation) {
    expect([...metrics.rankdata(x)]).toEqual(ranks)
    for (const [ours, python] of [
      [metrics.pearsonr(x, y), pearsonr],
      [metrics.spearmanr(x, y), spearmanr],
    ] as const) {
      if (python === null) expect(ours).toBeNaN()
      else expect(ours).toBeCloseTo(python, 13)
    }
  }
})

describe('seqeval', () => {
  test.each(['IOB1', 'IOB2', 'IOE1', 'IOE2', 'IOBES', 'BILOU'] as const)('%s', (scheme) => {
    const cases = golden.spans.filter((one) => one.scheme === scheme)
    expect(cases.length).toBeGreaterThanOrEqual(6)
    for (const { truth, predicted, accuracy_score, scores, reports } of cases) {
      expect(metrics.seqeval.accuracy_score(truth, predicted)).toBeCloseTo(accuracy_score, 15)
      for (const { options, values } of scores) {
        for (const name of ['precision_score', 'recall_score', 'f1_score'] as const) {
          const ours = metrics.seqeval[name](truth, predicted, options)
          expect(ours, JSON.stringify({ name, options, truth, predicted })).toBeCloseTo(values[name], 14)
        }
      }
      for (const { options, text } of reports) {
        if (text !== null) expect(metrics.seqeval.classification_report(truth, predicted, options)).toBe(text)
      }
    }
  })
})

test('SQuAD answers, normalized and compared', () => {
  for (const [text, normalized] of golden.normalized) expect(metrics.normalize_answer(text)).toBe(normalized)
  for (const [gold, predicted, exact, f1] of golden.answers) {
    expect([metrics.compute_exact(gold, predicted), metrics.compute_f1(gold, predicted)]).toEqual([exact, f1])
  }
})
