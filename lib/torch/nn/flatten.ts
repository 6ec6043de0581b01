/** torch.nn.Flatten and Unflatten */

import type { Tensor } from '../tensor.js'
import { named, type Rest } from './arguments.js'
import { Module } from './module.js'
import { pythonTuple } from './python-repr.js'

interface FlattenOptions {
  /** Default 1: the batch stays. */
  start_dim?: number
  /** Default -1. */
  end_dim?: number
}

/** torch.nn.Flatten: dimensions `start_dim` to `end_dim` become one. */
export class Flatten extends Module<[input: Tensor], Tensor> {
  readonly start_dim: number
  readonly end_dim: number

  constructor(...rest: Rest<FlattenOptions, ['start_dim', 'end_dim']>) {
    super()
    const { start_dim = 1, end_dim = -1 } = named<FlattenOptions>('Flatten', rest, ['start_dim', 'end_dim'])
    this.start_dim = start_dim
    this.end_dim = end_dim
  }

  override forward(input: Tensor): Tensor {
    return input.flatten(this.start_dim, this.end_dim)
  }

  override extra_repr(): string {
    return `start_dim=${this.start_dim}, end_dim=${this.end_dim}`
  }
}

/** torch.nn.Unflatten: dimension `dim` becomes several. */
export class Unflatten extends Module<[input: Tensor], Tensor> {
  constructor(
    readonly dim: number,
    readonly unflattened_size: readonly number[],
  ) {
    super()
  }

  override forward(input: Tensor): Tensor {
    return input.unflatten(this.dim, this.unflattened_size)
  }

  override extra_repr(): string {
    return `dim=${this.dim}, unflattened_size=${pythonTuple(this.unflattened_size)}`
  }
}
