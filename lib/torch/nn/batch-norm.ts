/** torch.nn.BatchNorm1d and its siblings: normalize each channel, and keep running statistics. */

import { ShapeError } from '../../errors.js'
import { int64 } from '../dtype.js'
import { no_grad } from '../modes.js'
import type { Tensor } from '../tensor.js'
import { type Factory, factory, named, type Rest } from './arguments.js'
import { aten } from './aten.js'
import { batch_norm } from './functional/normalization.js'
import { ones_, zeros_ } from './init.js'
import { Module } from './module.js'
import { Parameter } from './parameter.js'
import { pythonBool, pythonFloat } from './python-repr.js'

export interface ChannelNormOptions extends Factory {
  /** Default 1e-5. */
  eps?: number
  /** Share of a batch in the running statistics, default 0.1; null: their plain mean. */
  momentum?: number | null
  /** Default true: weights that are learned. */
  affine?: boolean
  /** Default true; without them a batch's own statistics are used in evaluation, too. */
  track_running_stats?: boolean
  /** Default true. */
  bias?: boolean
}
export const channelNormNames = [
  'eps',
  'momentum',
  'affine',
  'track_running_stats',
  'device',
  'dtype',
] as const
export type ChannelNormNames = typeof channelNormNames

/** What batch and instance normalization share: weights and statistics, one for each channel. */
export abstract class ChannelNorm extends Module<[input: Tensor], Tensor> {
  readonly eps: number
  readonly momentum: number | null
  readonly affine: boolean
  readonly track_running_stats: boolean
  weight: Tensor | null
  bias: Tensor | null
  declare running_mean: Tensor | null
  declare running_var: Tensor | null
  /** int64, of no dimension. */
  declare num_batches_tracked: Tensor | null

  constructor(
    readonly num_features: number,
    ...rest: Rest<ChannelNormOptions, ChannelNormNames>
  ) {
    super()
    const options = named<ChannelNormOptions>(new.target.name, rest, channelNormNames, ['bias'])
    const { eps = 1e-5, momentum = 0.1, affine = true, track_running_stats = true, bias = true } = options
    this.eps = eps
    this.momentum = momentum
    this.affine = affine
    this.track_running_stats = track_running_stats
    const made = factory(options)
    this.weight = affine ? Parameter(aten.empty([num_features], made)) : null
    this.bias = affine && bias ? Parameter(aten.empty([num_features], made)) : null
    const tracked = (make: () => Tensor) => (track_running_stats ? make() : null)
    this.register_buffer(
      'running_mean',
      tracked(() => aten.zeros([num_features], made)),
    )
    this.register_buffer(
      'running_var',
      tracked(() => aten.ones([num_features], made)),
    )
    const count = { ...made, dtype: int64 }
    this.register_buffer(
      'num_batches_tracked',
      tracked(() => aten.zeros([], count)),
    )
    this.reset_parameters()
  }

  reset_running_stats(): void {
    this.running_mean?.zero_()
    this.running_var?.fill_(1)
    this.num_batches_tracked?.zero_()
  }

  reset_parameters(): void {
    this.reset_running_stats()
    if (this.weight) ones_(this.weight)
    if (this.bias) zeros_(this.bias)
  }

  override extra_repr(): string {
    const { num_features, eps, momentum, affine, track_running_stats, bias } = this
    return `${num_features}, eps=${pythonFloat(eps)}, momentum=${momentum === null ? 'None' : pythonFloat(momentum)}, affine=${pythonBool(affine)}, bias=${pythonBool(bias !== null)}, track_running_stats=${pythonBool(track_running_stats)}`
  }
}

abstract class BatchNorm extends ChannelNorm {
  /** What inputs the layer takes, by their number of dimensions. */
  protected abstract shapes(): Readonly<Record<number, string>>

  override forward(input: Tensor): Tensor {
    const shapes = this.shapes()
    if (shapes[input.ndim] === undefined) {
      const taken = Object.values(shapes).join(' or ')
      throw new ShapeError(`${this.constructor.name} takes ${taken}, found ${input.ndim} dimensions`)
    }
    const { weight, bias, running_mean, running_var, eps } = this
    const recording = this.training && this.track_running_stats
    const training = this.training || running_mean === null
    const momentum = recording ? this.#count() : (this.momentum ?? 0)
    return batch_norm(input, running_mean, running_var, { weight, bias, training, momentum, eps })
  }

  /** Counts a batch and gives its share in the running statistics. */
  #count(): number {
    const count = this.num_batches_tracked
    if (count) no_grad(() => count.add_(1))
    return this.momentum ?? (count ? 1 / count.item() : 0)
  }
}

/** torch.nn.BatchNorm1d of (N, C) or (N, C, L). */
export class BatchNorm1d extends BatchNorm {
  protected override shapes(): Readonly<Record<number, string>> {
    return { 2: '(N, C)', 3: '(N, C, L)' }
  }
}

/** torch.nn.BatchNorm2d of (N, C, H, W). */
export class BatchNorm2d extends BatchNorm {
  protected override shapes(): Readonly<Record<number, string>> {
    return { 4: '(N, C, H, W)' }
  }
}

/** torch.nn.BatchNorm3d of (N, C, D, H, W). */
export class BatchNorm3d extends BatchNorm {
  protected override shapes(): Readonly<Record<number, string>> {
    return { 5: '(N, C, D, H, W)' }
  }
}
