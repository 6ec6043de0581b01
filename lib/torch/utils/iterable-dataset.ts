/** torch.utils.data: data sets that are read from front to back, such as streams. */

import { ArgumentError } from '../../errors.js'

/** torch.utils.data.IterableDataset: examples one after the other, anew each time. Its `DataLoader` keeps their order. */
export abstract class IterableDataset<T> implements Iterable<T> {
  /** Examples in all, where that is known: the loader's `length` needs it. */
  abstract readonly length?: number
  abstract [Symbol.iterator](): Iterator<T>
}

/** torch.utils.data.ChainDataset: the examples of several iterable data sets, one after the other. */
export class ChainDataset<T> extends IterableDataset<T> {
  readonly length: number | undefined

  /** @throws ArgumentError for a data set that is no IterableDataset. */
  constructor(readonly datasets: readonly IterableDataset<T>[]) {
    super()
    if (!datasets.every((dataset) => dataset instanceof IterableDataset)) {
      throw new ArgumentError('ChainDataset only supports IterableDataset', {
        hint: 'ConcatDataset joins data sets that have examples by number',
      })
    }
    const lengths = datasets.map(({ length }) => length)
    // undefined makes the sum NaN.
    const sum = lengths.reduce<number>((all, length) => all + (length ?? Number.NaN), 0)
    this.length = Number.isNaN(sum) ? undefined : sum
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const dataset of this.datasets) yield* dataset
  }
}
