/** torch.nn.InstanceNorm1d and its siblings: normalize each channel of each example. */

import { ShapeError } from '../../errors.js'
import type { Tensor } from '../tensor.js'
import { named, type Rest } from './arguments.js'
import {
  ChannelNorm,
  type ChannelNormNames,
  type ChannelNormOptions,
  channelNormNames,
} from './batch-norm.js'
import { instance_norm } from './functional/normalization.js'

type Options = Omit<ChannelNormOptions, 'bias'>

abstract class InstanceNorm extends ChannelNorm {
  /** Dimensions of an input with a batch; one without has one less. */
  protected abstract dimensions(): number

  /** No weights and no running statistics unless asked for. */
  constructor(num_features: number, ...rest: Rest<Options, ChannelNormNames>) {
    const options = named<Options>(new.target.name, rest, channelNormNames)
    const { affine = false, track_running_stats = false } = options
    super(num_features, { ...options, affine, track_running_stats })
  }

  override forward(input: Tensor): Tensor {
    const batched = this.dimensions()
    if (input.ndim === batched - 1) return this.#normalize(input.unsqueeze(0)).squeeze(0)
    if (input.ndim === batched) return this.#normalize(input)
    throw new ShapeError(
      `${this.constructor.name} takes ${batched - 1} or ${batched} dimensions, found ${input.ndim}`,
    )
  }

  #normalize(input: Tensor): Tensor {
    const { running_mean, running_var, weight, bias, eps } = this
    const use_input_stats = this.training || !this.track_running_stats
    const momentum = this.momentum ?? 0
    return instance_norm(input, { running_mean, running_var, weight, bias, use_input_stats, momentum, eps })
  }
}

/** torch.nn.InstanceNorm1d of (N, C, L) or (C, L). */
export class InstanceNorm1d extends InstanceNorm {
  protected override dimensions(): number {
    return 3
  }
}

/** torch.nn.InstanceNorm2d of (N, C, H, W) or (C, H, W). */
export class InstanceNorm2d extends InstanceNorm {
  protected override dimensions(): number {
    return 4
  }
}

/** torch.nn.InstanceNorm3d of (N, C, D, H, W) or (C, D, H, W). */
export class InstanceNorm3d extends InstanceNorm {
  protected override dimensions(): number {
    return 5
  }
}
