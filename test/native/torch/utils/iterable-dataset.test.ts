import { describe, expect, it } from 'vitest'

import { ArgumentError, type Tensor, torch } from '../../../../lib/index.js'

const { ChainDataset, DataLoader, Dataset, IterableDataset, default_collate } = torch.utils.data

class Count extends IterableDataset<number> {
  constructor(
    readonly from: number,
    readonly to: number,
    readonly length?: number,
  ) {
    super()
  }

  *[Symbol.iterator]() {
    for (let i = this.from; i < this.to; i++) yield i
  }
}

const lists = (loader: Iterable<unknown>) => Array.from(loader, (batch) => (batch as Tensor).tolist())

// The batches, draws and lengths that Python gives for the same data sets.
describe('an IterableDataset', () => {
  it('is loaded in its own order, each epoch anew', () => {
    const loader = new DataLoader(new Count(0, 5), { batch_size: 2 })
    expect(lists(loader)).toEqual([[0, 1], [2, 3], [4]])
    expect(lists(loader)).toEqual([[0, 1], [2, 3], [4]])
    const full = new DataLoader(new Count(0, 5), { batch_size: 2, drop_last: true })
    expect(lists(full)).toEqual([
      [0, 1],
      [2, 3],
    ])
  })

  it("takes one number of the default generator, as Python's loader does", () => {
    torch.manual_seed(3)
    const batches = new DataLoader(new Count(0, 5), { batch_size: 2 })[Symbol.iterator]()
    batches.next()
    torch.testing.assert_close(torch.rand([2]), torch.tensor([0.2858, 0.027]), { rtol: 0, atol: 1e-4 })
  })

  it('is chained with others', () => {
    const chain = new ChainDataset([new Count(0, 3), new Count(5, 7)])
    expect(lists(new DataLoader(chain, { batch_size: 4 }))).toEqual([[0, 1, 2, 5], [6]])
    expect(chain.length).toBeUndefined()
    expect(new ChainDataset([new Count(0, 2, 2), new Count(0, 3, 3)]).length).toBe(5)
    class Numbers extends Dataset<number> {
      readonly length = 1
      get = (index: number) => index
    }
    expect(() => new ChainDataset([new Numbers() as never])).toThrow(/only supports IterableDataset/)
  })

  it('has a length where it says one', () => {
    const counted = new Count(0, 5, 5)
    expect(new DataLoader(counted, { batch_size: 2 }).length).toBe(3)
    expect(new DataLoader(counted, { batch_size: 2, drop_last: true }).length).toBe(2)
    expect(() => new DataLoader(new Count(0, 5)).length).toThrow(ArgumentError)
  })

  it('takes no order from outside', () => {
    expect(() => new DataLoader(new Count(0, 3), { shuffle: true })).toThrow(/unspecified shuffle/)
    const sampler = new torch.utils.data.SequentialSampler({ length: 3 })
    expect(() => new DataLoader(new Count(0, 3), { sampler })).toThrow(/unspecified sampler/)
    expect(() => new DataLoader(new Count(0, 3), { batch_size: 0 })).toThrow(/batch_size/)
  })
})

describe('default_collate', () => {
  it('joins numbers, truths and strings as Python does', () => {
    const batch = default_collate([
      { id: 1, score: 0.5, seen: true, text: 'a' },
      { id: 2, score: 2, seen: false, text: 'b' },
    ]) as { id: Tensor; score: Tensor; seen: Tensor; text: string[] }
    expect([batch.id.dtype, batch.score.dtype, batch.seen.dtype]).toEqual([
      torch.int64,
      torch.float64,
      torch.bool,
    ])
    expect([batch.id.tolist(), batch.score.tolist(), batch.text]).toEqual([
      [1, 2],
      [0.5, 2],
      ['a', 'b'],
    ])
    expect(() => default_collate([[1, 2], [1]])).toThrow(/equal size/)
    expect(() => default_collate([undefined])).toThrow(ArgumentError)
  })
})
