import { describe, expect, it } from 'vitest'

import { batchesByLength } from '../../../../lib/transformers/pipelines/model-rows.js'

const rows = (...lengths: number[]) =>
  lengths.map((length, index) => {
    const input_ids = new Array<number>(length).fill(7)
    return { index, row: { input_ids, attention_mask: input_ids.map(() => 1) } }
  })

const lengths = (batches: Iterable<ReturnType<typeof rows>>) =>
  [...batches].map((batch) => batch.map(({ row }) => row.input_ids.length))

describe('batchesByLength', () => {
  it('puts rows of similar length together, padding counted', () => {
    const batches = batchesByLength(rows(3, 9, 1, 4, 8, 2), { tokens: 18, rows: Infinity, canPad: true })
    expect(lengths(batches)).toEqual([
      [9, 8],
      [4, 3, 2, 1],
    ])
  })

  it('keeps every row once, and equal lengths in their order', () => {
    const given = rows(5, 5, 2, 5, 2)
    const all = [...batchesByLength(given, { tokens: 10, rows: Infinity, canPad: true })].flat()
    expect(all.map(({ index }) => index)).toEqual([0, 1, 3, 2, 4])
  })

  it('lets a row beyond the budget go alone', () => {
    const batches = batchesByLength(rows(30, 2, 2), { tokens: 8, rows: Infinity, canPad: true })
    expect(lengths(batches)).toEqual([[30], [2, 2]])
  })

  it('bounds the rows', () => {
    expect(lengths(batchesByLength(rows(1, 1, 1), { tokens: 100, rows: 2, canPad: true }))).toEqual([
      [1, 1],
      [1],
    ])
  })

  it('mixes no lengths without a padding token', () => {
    const batches = batchesByLength(rows(3, 2, 3, 2), { tokens: 100, rows: Infinity, canPad: false })
    expect(lengths(batches)).toEqual([
      [3, 3],
      [2, 2],
    ])
  })

  it('makes no batch of nothing', () => {
    expect(lengths(batchesByLength([], { tokens: 8, rows: 1, canPad: true }))).toEqual([])
  })
})
