/** torch.nn: activations along a dimension. */

import { ShapeError } from '../../errors.js'
import type { Tensor } from '../tensor.js'
import { aten } from './aten.js'
import { softmin } from './functional/activation.js'
import { Module } from './module.js'

abstract class AlongDimension extends Module<[input: Tensor], Tensor> {
  /** @param dim the dimension whose values belong together; negative counts from the end */
  constructor(readonly dim: number) {
    super()
  }

  override extra_repr(): string {
    return `dim=${this.dim}`
  }
}

/** torch.nn.Softmax */
export class Softmax extends AlongDimension {
  override forward(input: Tensor): Tensor {
    return aten.softmax(input, this.dim)
  }
}

/** torch.nn.LogSoftmax */
export class LogSoftmax extends AlongDimension {
  override forward(input: Tensor): Tensor {
    return aten.log_softmax(input, this.dim)
  }
}

/** torch.nn.GLU: the first half times the sigmoid of the second. */
export class GLU extends AlongDimension {
  constructor(dim = -1) {
    super(dim)
  }

  override forward(input: Tensor): Tensor {
    return aten.glu(input, this.dim)
  }
}

/** torch.nn.Softmin: `softmax(-x)`. */
export class Softmin extends AlongDimension {
  override forward(input: Tensor): Tensor {
    return softmin(input, this.dim)
  }
}

/** torch.nn.Softmax2d: over the channels of (N, C, H, W) or (C, H, W). */
export class Softmax2d extends Module<[input: Tensor], Tensor> {
  override forward(input: Tensor): Tensor {
    if (input.ndim === 3 || input.ndim === 4) return aten.softmax(input, -3)
    throw new ShapeError(`Softmax2d takes 3 or 4 dimensions, found ${input.ndim}`)
  }
}
