/** torch.utils.data, the single-process part: data sets, samplers and the loader that joins them into batches. */

import { ArgumentError, ShapeError } from '../../errors.js'
import { int64 } from '../dtype.js'
import { operator } from '../operators.js'
import { Generator } from '../random.js'
import type { Tensor } from '../tensor.js'
import { default_collate } from './collate.js'
import { Dataset } from './datasets.js'
import { IterableDataset } from './iterable-dataset.js'

export { default_collate } from './collate.js'
export { ConcatDataset, Dataset, random_split, StackDataset, Subset } from './datasets.js'
export { SubsetRandomSampler, WeightedRandomSampler } from './drawing-samplers.js'
export { ChainDataset, IterableDataset } from './iterable-dataset.js'

const randperm = operator<(n: number, options: object) => Tensor>('aten::randperm')
const empty = operator<(size: number[], options: object) => Tensor>('aten::empty')

/** torch.utils.data.TensorDataset: row i of each tensor. */
export class TensorDataset<Tensors extends Tensor[] = Tensor[]> extends Dataset<Tensors> {
  readonly tensors: Tensors

  /** @throws ShapeError when the tensors differ in their first dimension. */
  constructor(...tensors: Tensors) {
    super()
    if (tensors.length === 0) throw new ArgumentError('a TensorDataset needs at least one tensor')
    const lengths = tensors.map((tensor) => tensor.length)
    if (lengths.some((length) => length !== lengths[0])) {
      throw new ShapeError(`the tensors differ in their first dimension: ${lengths.join(', ')}`)
    }
    this.tensors = tensors
  }

  get length(): number {
    return (this.tensors[0] as Tensor).length
  }

  get(index: number): Tensors {
    return this.tensors.map((tensor) => tensor.select(0, index)) as Tensors
  }
}

/** Yields indices into a data set. */
export interface Sampler extends Iterable<number> {
  readonly length: number
}

/** torch.utils.data.SequentialSampler: 0, 1, 2, … */
export class SequentialSampler implements Sampler {
  readonly length: number

  constructor(source: { readonly length: number }) {
    this.length = source.length
  }

  *[Symbol.iterator](): Iterator<number> {
    for (let i = 0; i < this.length; i++) yield i
  }
}

/** torch.utils.data.RandomSampler without replacement: a new permutation each time, Python's for the same seed. */
export class RandomSampler implements Sampler {
  readonly length: number
  readonly #generator: Generator | undefined

  constructor(source: { readonly length: number }, options: { generator?: Generator } = {}) {
    this.length = source.length
    this.#generator = options.generator
  }

  *[Symbol.iterator](): Iterator<number> {
    // As in Python: without a generator of its own, a seed drawn from the default one starts a new generator.
    const generator = this.#generator ?? new Generator().manual_seed(drawSeed())
    const permute = () => randperm(this.length, { dtype: int64, generator })
    for (const index of permute().toTypedArray() as BigInt64Array) yield Number(index)
    // Python draws once more for the rest of `num_samples / length`, even when it is 0: later epochs depend on it.
    if (this.#generator) permute()
  }
}

// `torch.empty((), dtype=torch.int64).random_()`: what Python's loader and sampler draw, so that streams agree.
const drawSeed = (generator?: Generator): bigint =>
  (empty([], { dtype: int64 }) as Tensor).random_(generator ? { generator } : {}).itemBigInt()

/** torch.utils.data.BatchSampler: groups of `batch_size` indices. */
export class BatchSampler implements Iterable<number[]> {
  constructor(
    readonly sampler: Sampler,
    readonly batch_size: number,
    readonly drop_last: boolean,
  ) {
    requireBatchSize(batch_size)
  }

  get length(): number {
    const batches = this.sampler.length / this.batch_size
    return this.drop_last ? Math.floor(batches) : Math.ceil(batches)
  }

  [Symbol.iterator](): Iterator<number[]> {
    return batchesOf(this.sampler, this.batch_size, this.drop_last)
  }
}

function requireBatchSize(size: number): void {
  if (!Number.isInteger(size) || size < 1) {
    throw new ArgumentError(`batch_size must be a whole number above 0, is ${size}`)
  }
}

function* batchesOf<T>(items: Iterable<T>, size: number, dropLast: boolean): IterableIterator<T[]> {
  let batch: T[] = []
  for (const item of items) {
    batch.push(item)
    if (batch.length === size) {
      yield batch
      batch = []
    }
  }
  if (batch.length > 0 && !dropLast) yield batch
}

export interface DataLoaderOptions<T, B> {
  /** Examples in a batch; default 1. */
  batch_size?: number
  /** Draw a new order each epoch. */
  shuffle?: boolean
  sampler?: Sampler
  /** Leave out a last batch that is not full. */
  drop_last?: boolean
  /** Turns a list of examples into a batch; default `default_collate`. */
  collate_fn?: (examples: T[]) => B
  generator?: Generator
}

/** torch.utils.data.DataLoader: iterate it once per epoch. */
export class DataLoader<T, B = T> implements Iterable<B> {
  readonly dataset: Dataset<T> | IterableDataset<T>
  readonly batch_size: number
  readonly drop_last: boolean
  /** Which examples make up each batch; null for an IterableDataset, whose order is its own. */
  readonly batch_sampler: BatchSampler | null
  readonly #collate: (examples: T[]) => B
  readonly #generator: Generator | undefined

  /** @throws ArgumentError for options that contradict one another. */
  constructor(dataset: Dataset<T> | IterableDataset<T>, options: DataLoaderOptions<T, B> = {}) {
    const { batch_size = 1, shuffle = false, sampler, drop_last = false, generator } = options
    if (shuffle && sampler) throw new ArgumentError('give shuffle or sampler, not both')
    requireBatchSize(batch_size)
    if (Symbol.asyncIterator in dataset) {
      throw new ArgumentError('a DataLoader takes no data set that is read asynchronously', {
        hint: 'datasets.batches makes batches of it, datasets.prefetch makes them ahead',
      })
    }
    this.dataset = dataset
    this.batch_size = batch_size
    this.drop_last = drop_last
    this.#generator = generator
    this.#collate = options.collate_fn ?? (default_collate as (examples: T[]) => B)
    if (dataset instanceof IterableDataset) {
      const refused = shuffle ? 'shuffle' : sampler ? 'sampler' : undefined
      if (refused) {
        throw new ArgumentError(`DataLoader with IterableDataset: expected unspecified ${refused} option`, {
          hint: 'the data set decides the order of its examples',
        })
      }
      this.batch_sampler = null
    } else {
      const order =
        sampler ?? (shuffle ? new RandomSampler(dataset, { generator }) : new SequentialSampler(dataset))
      this.batch_sampler = new BatchSampler(order, batch_size, drop_last)
    }
  }

  /**
   * Batches in an epoch.
   *
   * @throws ArgumentError for an IterableDataset that does not know its `length`.
   */
  get length(): number {
    if (this.batch_sampler) return this.batch_sampler.length
    if (this.dataset.length === undefined) {
      throw new ArgumentError('the length of this DataLoader is not known: its IterableDataset has none', {
        hint: 'give the data set a `length`, or count the batches',
      })
    }
    return (this.drop_last ? Math.floor : Math.ceil)(this.dataset.length / this.batch_size)
  }

  [Symbol.iterator](): Iterator<B> {
    return made(this.makers())
  }

  /**
   * As iterating, but a batch is only made when its function is called: whoever skips batches need not read them, and
   * whoever resumes an epoch can set random numbers in between.
   */
  *makers(): IterableIterator<() => B> {
    drawSeed(this.#generator) // Python draws its workers' base seed here, also when it has no workers
    const { dataset } = this
    if (dataset instanceof IterableDataset) {
      for (const examples of batchesOf(dataset, this.batch_size, this.drop_last))
        yield () => this.#collate(examples)
      return
    }
    for (const indices of this.batch_sampler as BatchSampler) {
      yield () => this.#collate(indices.map((index) => dataset.get(index)))
    }
  }
}

function* made<B>(makers: Iterable<() => B>): IterableIterator<B> {
  for (const make of makers) yield make()
}
