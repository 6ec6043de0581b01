/** torch.utils.data: samplers that draw from a choice of examples. */

import { ArgumentError, ShapeError } from '../../errors.js'
import { as_tensor } from '../as-tensor.js'
import { operator } from '../operators.js'
import type { Generator } from '../random.js'
import { type Tensor, toNumbers } from '../tensor.js'

interface Drawing {
  generator?: Generator
}

const randperm = operator<(n: number, options: Drawing) => Tensor>('aten::randperm')
const multinomial =
  operator<(weights: Tensor, count: number, replacement: boolean, options: Drawing) => Tensor>(
    'aten::multinomial',
  )

/** torch.utils.data.SubsetRandomSampler: the indices given, in a new order each time. */
export class SubsetRandomSampler implements Iterable<number> {
  readonly #options: Drawing

  constructor(
    readonly indices: readonly number[],
    options: Drawing = {},
  ) {
    this.#options = options
  }

  get length(): number {
    return this.indices.length
  }

  *[Symbol.iterator](): Iterator<number> {
    for (const at of toNumbers(randperm(this.length, this.#options))) yield this.indices[Number(at)] as number
  }
}

/** torch.utils.data.WeightedRandomSampler: `num_samples` indices, each drawn as often as its weight says. */
export class WeightedRandomSampler implements Iterable<number> {
  /** float64 */
  readonly weights: Tensor
  readonly replacement: boolean
  readonly #options: Drawing

  /**
   * @param weights one per example; they need not add up to 1
   * @throws ArgumentError for a count below 1, ShapeError for weights that are no vector.
   */
  constructor(
    weights: readonly number[] | Tensor,
    readonly num_samples: number,
    { replacement = true, ...options }: Drawing & { replacement?: boolean } = {},
  ) {
    if (!Number.isInteger(num_samples) || num_samples < 1) {
      throw new ArgumentError(`num_samples must be a whole number above 0, is ${num_samples}`)
    }
    this.weights = as_tensor(weights, { dtype: 'float64' })
    if (this.weights.ndim !== 1)
      throw new ShapeError(`weights are a vector, found ${this.weights.ndim} dimensions`)
    this.replacement = replacement
    this.#options = options
  }

  get length(): number {
    return this.num_samples
  }

  *[Symbol.iterator](): Iterator<number> {
    const drawn = multinomial(this.weights, this.num_samples, this.replacement, this.#options)
    for (const index of toNumbers(drawn)) yield Number(index)
  }
}
