import { describe, expect, it } from 'vitest'

import {
  type EntityContext,
  type EntityGroup,
  entityGroups,
  type LabelledToken,
  tokenEntities,
  withoutOverlaps,
} from '../../../../lib/transformers/pipelines/entities.js'

const labels = ['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC', 'A-B-C']
const context: EntityContext = {
  labelOf: (index) => labels[index] as string,
  textOf: (tokens) => tokens.join(' ').replaceAll(' ##', ''),
}

/** Tokens one after the other, each with the scores of some labels. */
function tokens(...given: [word: string, scores: Partial<Record<string, number>>][]): LabelledToken[] {
  let next = 0
  return given.map(([word, scores], index) => {
    const start = next
    next += word.replace('##', '').length
    return {
      word,
      scores: Float32Array.from(labels, (label) => scores[label] ?? 0),
      start,
      end: next,
      index,
      is_subword: word.startsWith('##'),
    }
  })
}

const shown = (groups: readonly EntityGroup[]) =>
  groups.map(({ entity_group, word, score }) => `${entity_group} ${word} ${score.toFixed(3)}`)

describe('tokenEntities', () => {
  it('gives each token its likeliest label, of equal ones the first', () => {
    const [first, second] = tokenEntities(
      tokens(['a', { O: 0.5, 'B-PER': 0.5 }], ['b', { 'I-LOC': 1 }]),
      context,
    )
    expect(first).toEqual({ entity: 'O', score: 0.5, index: 0, word: 'a', start: 0, end: 1 })
    expect(second).toEqual({ entity: 'I-LOC', score: 1, index: 1, word: 'b', start: 1, end: 2 })
    expect(Object.keys(second as object)).toEqual(['entity', 'score', 'index', 'word', 'start', 'end'])
  })
})

describe('entityGroups', () => {
  const text = tokens(
    ['Ann', { 'B-PER': 0.75 }],
    ['##ie', { 'I-LOC': 0.875, 'I-PER': 0.125 }],
    ['Lee', { 'I-PER': 0.25, O: 0.125 }],
    ['Bob', { 'B-PER': 1 }],
    ['in', { O: 1 }],
    ['Rome', { 'I-LOC': 0.5 }],
  )

  it('simple: neighbours of one label, whatever their words', () => {
    expect(shown(entityGroups(text, 'simple', context))).toEqual([
      'PER Ann 0.750',
      'LOC ##ie 0.875',
      'PER Lee 0.250',
      'PER Bob 1.000',
      'O in 1.000',
      'LOC Rome 0.500',
    ])
  })

  it('first: the first token speaks for its word', () => {
    expect(shown(entityGroups(text, 'first', context)).slice(0, 2)).toEqual([
      'PER Annie Lee 0.500',
      'PER Bob 1.000',
    ])
  })

  it('max: the surest token speaks for its word', () => {
    expect(shown(entityGroups(text, 'max', context)).slice(0, 2)).toEqual([
      'LOC Annie 0.875',
      'PER Lee 0.250',
    ])
  })

  it('average: the tokens speak together', () => {
    const [first] = entityGroups(text, 'average', context)
    expect(first).toEqual({ entity_group: 'LOC', score: 0.4375, word: 'Annie', start: 0, end: 5 })
    expect(Object.keys(first as object)).toEqual(['entity_group', 'score', 'word', 'start', 'end'])
  })

  it('joins no B- to what is before it, and cuts labels at the first hyphen', () => {
    const groups = entityGroups(
      tokens(['a', { 'I-LOC': 1 }], ['b', { 'B-LOC': 1 }], ['c', { 'I-LOC': 1 }], ['d', { 'A-B-C': 1 }]),
      'simple',
      context,
    )
    expect(shown(groups)).toEqual(['LOC a 1.000', 'LOC b c 1.000', 'B-C d 1.000'])
  })

  it('takes a token that goes on with a word at the very beginning for a word', () => {
    expect(shown(entityGroups(tokens(['##ie', { O: 1 }]), 'first', context))).toEqual(['O ##ie 1.000'])
  })

  it('has nothing to say of nothing', () => {
    for (const strategy of ['simple', 'first', 'average', 'max'] as const) {
      expect(entityGroups([], strategy, context)).toEqual([])
    }
  })
})

describe('withoutOverlaps', () => {
  const entity = (start: number, end: number, score: number): EntityGroup => ({
    entity_group: 'PER',
    score,
    word: `${start}-${end}`,
    start,
    end,
  })

  it('keeps the longest, then the surest of those that overlap', () => {
    const kept = withoutOverlaps([
      entity(10, 14, 0.5),
      entity(0, 4, 0.9),
      entity(2, 8, 0.1),
      entity(12, 16, 0.6),
      entity(16, 18, 0.2),
    ])
    expect(kept.map(({ word }) => word)).toEqual(['2-8', '12-16', '16-18'])
    expect(withoutOverlaps([])).toEqual([])
  })
})
