/** torch.nn.Dropout and AlphaDropout: active in training only. */

import type { Tensor } from '../tensor.js'
import { named, type Rest } from './arguments.js'
import { alpha_dropout, checkProbability, dropout } from './functional/dropout.js'
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
