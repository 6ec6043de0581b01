import { describe, expect, it } from 'vitest'

import { ArgumentError, ShapeError, type Tensor, torch } from '../../../lib/index.js'

const { TensorDataset, DataLoader, RandomSampler, SequentialSampler, BatchSampler } = torch.utils.data
const values = (batches: Iterable<Tensor[]>) => [...batches].map(([x]) => x?.tolist())

describe('TensorDataset', () => {
  it('gives rows', () => {
    const dataset = new TensorDataset(torch.arange(6).reshape([3, 2]), torch.tensor([7, 8, 9]))
    expect(dataset.length).toBe(3)
    expect(dataset.get(1).map((row) => row.tolist())).toEqual([[2, 3], 8])
    expect(() => dataset.get(3)).toThrow(/out of range/)
  })

  it('refuses tensors of other lengths, scalars, and none', () => {
    expect(() => new TensorDataset(torch.ones([3]), torch.ones([2]))).toThrow(ShapeError)
    expect(() => new TensorDataset(torch.ones([3]), torch.ones([2]))).toThrow(/first dimension: 3, 2/)
    expect(() => new TensorDataset(torch.tensor(1))).toThrow(ArgumentError)
    expect(() => new TensorDataset()).toThrow(/at least one tensor/)
  })
})

describe('samplers', () => {
  it('in sequence, and in groups', () => {
    const sampler = new SequentialSampler({ length: 5 })
    expect([...sampler]).toEqual([0, 1, 2, 3, 4])
    expect([...new BatchSampler(sampler, 2, false)]).toEqual([[0, 1], [2, 3], [4]])
    const full = new BatchSampler(sampler, 2, true)
    expect([[...full], full.length]).toEqual([[[0, 1], [2, 3]], 2]) // biome-ignore format: one line
  })

  it('at random: every index once, the same for the same seed, another order each epoch', () => {
    const sampler = new RandomSampler({ length: 50 })
    torch.manual_seed(3)
    const first = [...sampler]
    const second = [...sampler]
    torch.manual_seed(3)
    expect([...sampler]).toEqual(first)
    expect(second).not.toEqual(first)
    expect([...first].sort((a, b) => a - b)).toEqual([...Array(50).keys()])
  })

  it('at random from a generator of its own', () => {
    const order = () => [
      ...new RandomSampler({ length: 10 }, { generator: new torch.Generator().manual_seed(5) }),
    ]
    expect(order()).toEqual(order())
  })

  it.each([[0], [-1], [1.5], [Number.NaN], ['2' as never]])('a batch size of %s is refused', (size) => {
    expect(() => new BatchSampler(new SequentialSampler({ length: 2 }), size, false)).toThrow(
      `batch_size must be a whole number above 0, is ${size}`,
    )
  })
})

describe('DataLoader', () => {
  const dataset = new TensorDataset(torch.arange(5), torch.arange(5).neg())

  it('stacks rows into batches, the last one short or left out', () => {
    const loader = new DataLoader(dataset, { batch_size: 2 })
    expect(loader.length).toBe(3)
    expect(values(loader)).toEqual([[0, 1], [2, 3], [4]])
    expect(values(loader)).toEqual([[0, 1], [2, 3], [4]])
    expect(values(new DataLoader(dataset, { batch_size: 2, drop_last: true }))).toEqual([[0, 1], [2, 3]]) // biome-ignore format: one line
    for (const [x, y] of loader)
      expect(
        x
          ?.add(y as Tensor)
          .abs()
          .sum()
          .item(),
      ).toBe(0)
  })

  it('shuffles by seed', () => {
    const epoch = () => values(new DataLoader(dataset, { batch_size: 5, shuffle: true }))
    torch.manual_seed(1)
    const first = epoch()
    torch.manual_seed(1)
    expect(epoch()).toEqual(first)
    expect((first[0] as number[]).toSorted()).toEqual([0, 1, 2, 3, 4])
  })

  it('joins objects, and by a function of the caller', () => {
    const rows = { length: 2, get: (i: number) => ({ id: torch.tensor([i]), deep: [torch.tensor(i)] }) }
    const [batch] = [...new DataLoader(rows, { batch_size: 2 })] as unknown as {
      id: Tensor
      deep: Tensor[]
    }[]
    expect([batch?.id.tolist(), batch?.deep[0]?.tolist()]).toEqual([[[0], [1]], [0, 1]]) // biome-ignore format: one line
    const summed = new DataLoader(
      { length: 3, get: (i: number) => i },
      { batch_size: 2, collate_fn: (numbers: number[]) => numbers.join('+') },
    )
    expect([...summed]).toEqual(['0+1', '2'])
  })

  it('refuses what it cannot join, and shuffle beside a sampler', () => {
    const functions = { length: 2, get: () => Math.sin }
    expect(() => [...new DataLoader(functions)]).toThrow(
      /cannot join values of type function[\s\S]*collate_fn/,
    )
    const ragged = { length: 2, get: (i: number) => torch.ones([i + 1]) }
    expect(() => [...new DataLoader(ragged, { batch_size: 2 })]).toThrow(ShapeError)
    const sampler = new SequentialSampler(dataset)
    expect(() => new DataLoader(dataset, { shuffle: true, sampler })).toThrow(ArgumentError)
  })

  it('of an empty data set gives nothing', () => {
    expect([...new DataLoader(new TensorDataset(torch.empty([0, 3])), { batch_size: 2 })]).toEqual([])
  })
})
