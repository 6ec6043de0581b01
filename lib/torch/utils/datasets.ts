/** torch.utils.data: data sets made of data sets. */

import { ArgumentError, IndexError } from '../../errors.js'
import { operator } from '../operators.js'
import type { Generator } from '../random.js'
import { type Tensor, toNumbers } from '../tensor.js'

const randperm = operator<(n: number, options: { generator?: Generator }) => Tensor>('aten::randperm')

/** torch.utils.data.Dataset: examples by number. Any object with `length` and `get` is one; extending this says so. */
export abstract class Dataset<T> {
  /** Examples in all. */
  abstract readonly length: number
  abstract get(index: number): T
}

/** torch.utils.data.Subset: the examples of `dataset` at `indices`, in their order. */
export class Subset<T> extends Dataset<T> {
  constructor(
    readonly dataset: Dataset<T>,
    readonly indices: readonly number[],
  ) {
    super()
  }

  get length(): number {
    return this.indices.length
  }

  /** @throws IndexError for a position outside of the subset. */
  get(index: number): T {
    const at = this.indices.at(index)
    if (at === undefined) throw outside(index, this.length)
    return this.dataset.get(at)
  }
}

const outside = (index: number, length: number) =>
  new IndexError(`example ${index} does not exist: the data set has ${length}`)

/** torch.utils.data.ConcatDataset: the examples of several data sets, one after the other. */
export class ConcatDataset<T> extends Dataset<T> {
  /** Examples up to the end of each data set. */
  readonly cumulative_sizes: readonly number[]

  /** @throws ArgumentError without a data set. */
  constructor(readonly datasets: readonly Dataset<T>[]) {
    super()
    if (datasets.length === 0) throw new ArgumentError('a ConcatDataset needs at least one data set')
    let sum = 0
    this.cumulative_sizes = datasets.map(({ length }) => {
      sum += length
      return sum
    })
  }

  get length(): number {
    return this.cumulative_sizes.at(-1) as number
  }

  /** A negative index counts from the end. @throws IndexError for one that no data set has. */
  get(index: number): T {
    const at = index < 0 ? this.length + index : index
    const found = at < 0 ? -1 : this.cumulative_sizes.findIndex((end) => at < end)
    const dataset = this.datasets[found]
    if (dataset === undefined) throw outside(index, this.length)
    return dataset.get(at - (this.cumulative_sizes[found - 1] ?? 0))
  }
}

type Examples<Sets> = { -readonly [K in keyof Sets]: Sets[K] extends Dataset<infer T> ? T : never }

/** torch.utils.data.StackDataset: example i of each data set, as a list, or under the names of an object. */
export class StackDataset<
  const Sets extends readonly Dataset<unknown>[] | Readonly<Record<string, Dataset<unknown>>>,
> extends Dataset<Examples<Sets>> {
  readonly length: number

  /** @throws ArgumentError for data sets of different lengths, or none. */
  constructor(readonly datasets: Sets) {
    super()
    const lengths = Object.values<Dataset<unknown>>(datasets).map(({ length }) => length)
    const [first] = lengths
    if (first === undefined) throw new ArgumentError('a StackDataset needs at least one data set')
    if (lengths.some((length) => length !== first)) {
      throw new ArgumentError(`the data sets differ in length: ${lengths.join(', ')}`)
    }
    this.length = first
  }

  get(index: number): Examples<Sets> {
    const { datasets } = this
    if (Array.isArray(datasets)) return datasets.map((dataset) => dataset.get(index)) as Examples<Sets>
    const named = Object.entries<Dataset<unknown>>(datasets as Record<string, Dataset<unknown>>)
    return Object.fromEntries(named.map(([name, dataset]) => [name, dataset.get(index)])) as Examples<Sets>
  }
}

/**
 * torch.utils.data.random_split: subsets that share no example, drawn as Python draws them for the same seed.
 *
 * @param lengths of the subsets: numbers of examples, or parts that add up to 1
 * @throws ArgumentError when the lengths do not add up.
 */
export function random_split<T>(
  dataset: Dataset<T>,
  lengths: readonly number[],
  { generator }: { generator?: Generator } = {},
): Subset<T>[] {
  const sizes = sizesOf(lengths, dataset.length)
  const order = toNumbers(randperm(dataset.length, generator ? { generator } : {})).map(Number)
  let start = 0
  return sizes.map((size) => {
    const indices = order.slice(start, start + size)
    start += size
    return new Subset(dataset, indices)
  })
}

function sizesOf(lengths: readonly number[], total: number): number[] {
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)
  const parts = sum(lengths) <= 1 && 1 - sum(lengths) <= 1e-9
  if (parts && lengths.some((part) => part < 0 || part > 1)) {
    throw new ArgumentError(`parts of a data set lie between 0 and 1, found ${lengths.join(', ')}`)
  }
  const sizes = parts ? lengths.map((part) => Math.floor(total * part)) : [...lengths]
  if (parts) {
    // What rounding left over goes to the first subsets, one each.
    const left = total - sum(sizes)
    for (let i = 0; i < left; i++) sizes[i % sizes.length] = (sizes[i % sizes.length] as number) + 1
  }
  if (sum(sizes) !== total || sizes.some((size) => !Number.isInteger(size) || size < 0)) {
    throw new ArgumentError(
      `the lengths ${lengths.join(', ')} add up neither to the ${total} examples nor to 1`,
    )
  }
  return sizes
}
