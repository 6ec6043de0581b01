/** torch.nn: activations along a dimension. */

import type { Tensor } from '../tensor.js'
import { aten } from './aten.js'
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
