import { describe, expect, it } from 'vitest'

import { type AnswerSpan, answerSpans } from '../../../../lib/transformers/pipelines/answer-spans.js'
import { generator } from '../../../random.js'

const softmax = (logits: number[]) => {
  const powers = logits.map(Math.exp)
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map((power) => power / sum)
}

/** All spans there are, by the definition. */
function allSpans(start: number[], end: number[], allowed: boolean[], longest: number): AnswerSpan[] {
  const masked = (logits: number[]) =>
    softmax(logits.map((logit, i) => (allowed[i] ? logit : Number.NEGATIVE_INFINITY)))
  const [starts, ends] = [masked(start), masked(end)]
  const spans: AnswerSpan[] = []
  for (let first = 1; first < start.length; first++) {
    for (let last = first; last < Math.min(first + longest, end.length); last++) {
      const score = (starts[first] as number) * (ends[last] as number)
      if (score > 0) spans.push({ first, last, score })
    }
  }
  return spans.sort((a, b) => b.score - a.score)
}

describe('answerSpans', () => {
  it('finds the best of all spans', () => {
    const random = generator(7)
    for (let round = 0; round < 200; round++) {
      const length = 1 + Math.floor(random() * 30)
      const logits = () => Array.from({ length }, () => Math.fround((random() - 0.5) * 12))
      const [start, end] = [logits(), logits()]
      const allowed = start.map((_, i) => i === 0 || random() < 0.6)
      const longest = 1 + Math.floor(random() * 8)
      const top_k = 1 + Math.floor(random() * 20)
      const given = { start: Float32Array.from(start), end: Float32Array.from(end), allowed }
      const { spans, nullScore } = answerSpans(given, top_k, longest)
      const expected = allSpans(start, end, allowed, longest).slice(0, top_k)
      expect(spans.map(({ first, last }) => [first, last])).toEqual(
        expected.map(({ first, last }) => [first, last]),
      )
      for (const [i, { score }] of spans.entries()) expect(score).toBeCloseTo(expected[i]?.score as number, 6)
      const [none] = softmax(start.filter((_, i) => allowed[i]))
      const [noneEnd] = softmax(end.filter((_, i) => allowed[i]))
      expect(nullScore).toBeCloseTo((none as number) * (noneEnd as number), 6)
    }
  })

  it('gives no spans of probability 0', () => {
    const logits = Float32Array.of(0, 1000, 0)
    const { spans } = answerSpans({ start: logits, end: logits, allowed: [true, true, true] }, 10, 15)
    expect(spans).toEqual([{ first: 1, last: 1, score: 1 }])
  })

  it('has no answer where only the first token may be one', () => {
    const logits = Float32Array.of(1, 2, 3)
    const { spans, nullScore } = answerSpans(
      { start: logits, end: logits, allowed: [true, false, false] },
      3,
      15,
    )
    expect([spans, nullScore]).toEqual([[], 1])
  })
})
