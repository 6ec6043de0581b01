import { describe, expect, it } from 'vitest'

import { ArgumentError, IndexError, torch } from '../../../../lib/index.js'

const { ConcatDataset, DataLoader, Dataset, StackDataset, Subset } = torch.utils.data
const { SubsetRandomSampler, WeightedRandomSampler, random_split } = torch.utils.data

class Numbers extends Dataset<number> {
  constructor(readonly length: number) {
    super()
  }

  get(index: number): number {
    return index
  }
}
const generator = () => new torch.Generator().manual_seed(5)

describe('data sets made of data sets', () => {
  it('choose and join examples', () => {
    const joined = new ConcatDataset([new Numbers(2), new Numbers(0), new Numbers(3)])
    expect(Array.from({ length: joined.length }, (_, i) => joined.get(i))).toEqual([0, 1, 0, 1, 2])
    expect([joined.get(-1), joined.get(-4)]).toEqual([2, 1])
    expect(() => joined.get(5)).toThrow(IndexError)
    expect(() => joined.get(-6)).toThrow(/example -6 does not exist: the data set has 5/)
    const chosen = new Subset(joined, [4, 1])
    expect([chosen.get(0), chosen.get(1), chosen.length]).toEqual([2, 1, 2])
    expect(() => chosen.get(2)).toThrow(IndexError)
    expect(() => new ConcatDataset([])).toThrow(ArgumentError)
  })

  it('stack examples, by position or by name', () => {
    const texts = { length: 3, get: (index: number) => `text ${index}` }
    expect(new StackDataset([new Numbers(3), texts]).get(1)).toEqual([1, 'text 1'])
    expect(new StackDataset({ label: new Numbers(3), texts }).get(2)).toEqual({ label: 2, texts: 'text 2' })
    expect(() => new StackDataset([new Numbers(2), texts])).toThrow(/differ in length: 2, 3/)
  })
})

// What Python draws for the same seed.
describe('torch.utils.data.random_split', () => {
  const indices = (lengths: number[]) =>
    random_split(new Numbers(10), lengths, { generator: generator() }).map((subset) => subset.indices)

  it('draws what Python draws', () => {
    expect(indices([7, 3])).toEqual([
      [1, 4, 9, 6, 3, 5, 0],
      [2, 8, 7],
    ])
    expect(indices([0.33, 0.33, 0.34])).toEqual([
      [1, 4, 9, 6],
      [3, 5, 0],
      [2, 8, 7],
    ])
  })

  it.each([[[7, 4]], [[0.5, 0.6]], [[11, -1]], [[0.5, 0.2]], [[1.5, -0.5]]])('refuses %j', (lengths) => {
    expect(() => indices(lengths)).toThrow(ArgumentError)
  })
})

describe('samplers that draw', () => {
  it('draw what Python draws', () => {
    const options = { generator: generator() }
    expect([...new SubsetRandomSampler([10, 20, 30, 40], options)]).toEqual([40, 20, 10, 30])
    const weights = [0.1, 0.9, 0.4]
    expect([...new WeightedRandomSampler(weights, 6, { generator: generator() })]).toEqual([1, 1, 1, 1, 1, 2])
    const without = { replacement: false, generator: generator() }
    expect([...new WeightedRandomSampler(weights, 3, without)]).toEqual([1, 2, 0])
  })

  it('feed a loader', () => {
    const sampler = new SubsetRandomSampler([3, 1], { generator: generator() })
    const loader = new DataLoader(new Numbers(5), { sampler, batch_size: 2, collate_fn: (batch) => batch })
    expect([...loader].map((batch) => batch.sort())).toEqual([[1, 3]])
  })

  it('refuse counts and weights that make no sense', () => {
    expect(() => new WeightedRandomSampler([1], 0)).toThrow(
      /num_samples must be a whole number above 0, is 0/,
    )
    expect(() => new WeightedRandomSampler(torch.ones(2, 2), 1)).toThrow(/vector/)
  })
})
