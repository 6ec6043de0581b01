/** torch.nn.Dropout and its siblings: active in training only. */

import type { Tensor } from '../tensor.js'
import { named, type Rest } from './arguments.js'
import {
  alpha_dropout,
  checkProbability,
  dropout,
  dropout1d,
  dropout2d,
  dropout3d,
  feature_alpha_dropout,
} from './functional/dropout.js'
import { Module } from './module.js'
import { pythonBool, pythonFloat } from './python-repr.js'

interface DropoutOptions {
  /** Share of elements that become 0; default 0.5. */
  p?: number
  /** Write into the input; default false. */
  inplace?: boolean
}

/** torch.nn.Dropout: zeroes elements with probability `p` and scales the others by 1 / (1 - p). */
export class Dropout extends Module<[input: Tensor], Tensor> {
  readonly p: number
  readonly inplace: boolean

  constructor(...rest: Rest<DropoutOptions, ['p', 'inplace']>) {
    super()
    const { p = 0.5, inplace = false } = named<DropoutOptions>(new.target.name, rest, ['p', 'inplace'])
    checkProbability(p)
    this.p = p
    this.inplace = inplace
  }

  override forward(input: Tensor): Tensor {
    return dropout(input, this.p, this.training, this.inplace)
  }

  override extra_repr(): string {
    return `p=${pythonFloat(this.p)}, inplace=${pythonBool(this.inplace)}`
  }
}

/** torch.nn.AlphaDropout: keeps mean and variance; for `SELU`. */
export class AlphaDropout extends Dropout {
  override forward(input: Tensor): Tensor {
    return alpha_dropout(input, this.p, this.training, this.inplace)
  }
}

/** torch.nn.Dropout1d: drops whole channels of (N, C, L). */
export class Dropout1d extends Dropout {
  override forward(input: Tensor): Tensor {
    return dropout1d(input, this.p, this.training, this.inplace)
  }
}

/** torch.nn.Dropout2d: drops whole channels of (N, C, H, W). */
export class Dropout2d extends Dropout {
  override forward(input: Tensor): Tensor {
    return dropout2d(input, this.p, this.training, this.inplace)
  }
}

/** torch.nn.Dropout3d: drops whole channels of (N, C, D, H, W). */
export class Dropout3d extends Dropout {
  override forward(input: Tensor): Tensor {
    return dropout3d(input, this.p, this.training, this.inplace)
  }
}

/** torch.nn.FeatureAlphaDropout: drops whole channels, and keeps mean and variance. */
export class FeatureAlphaDropout extends Dropout {
  override forward(input: Tensor): Tensor {
    return feature_alpha_dropout(input, this.p, this.training, this.inplace)
  }
}
