/** torch.nn: activations, element by element. */

import type { Tensor } from '../tensor.js'
import { type Factory, factory, named, type Rest } from './arguments.js'
import { aten } from './aten.js'
import * as F from './functional/activation.js'
import { Module } from './module.js'
import { Parameter } from './parameter.js'
import { pythonBool, pythonFloat } from './python-repr.js'

/** What activations share: one tensor in, one of the same shape out. */
abstract class Activation extends Module<[input: Tensor], Tensor> {}

interface Inplace {
  /** Write into the input; default false. */
  inplace?: boolean
}

/** Activations that take nothing but `inplace`. */
abstract class InplaceActivation extends Activation {
  readonly inplace: boolean

  constructor(...rest: Rest<Inplace, ['inplace']>) {
    super()
    this.inplace = named<Inplace>(new.target.name, rest, ['inplace']).inplace ?? false
  }

  override extra_repr(): string {
    return this.inplace ? 'inplace=True' : ''
  }
}

/** torch.nn.ReLU */
export class ReLU extends InplaceActivation {
  override forward(input: Tensor): Tensor {
    return F.relu(input, this.inplace)
  }
}

/** torch.nn.SiLU: `x * sigmoid(x)`. */
export class SiLU extends InplaceActivation {
  override forward(input: Tensor): Tensor {
    return F.silu(input, this.inplace)
  }
}

/** torch.nn.Mish */
export class Mish extends InplaceActivation {
  override forward(input: Tensor): Tensor {
    return F.mish(input, this.inplace)
  }
}

/** torch.nn.SELU */
export class SELU extends InplaceActivation {
  override forward(input: Tensor): Tensor {
    return F.selu(input, this.inplace)
  }
}

/** torch.nn.GELU; `approximate: 'tanh'` is the quicker form that GPT-2 has. */
export class GELU extends Activation {
  readonly approximate: 'none' | 'tanh'

  constructor(options: { approximate?: 'none' | 'tanh' } = {}) {
    super()
    this.approximate = named<typeof options>('GELU', [options], [], ['approximate']).approximate ?? 'none'
  }

  override forward(input: Tensor): Tensor {
    return aten.gelu(input, { approximate: this.approximate })
  }

  override extra_repr(): string {
    return `approximate='${this.approximate}'`
  }
}

/** torch.nn.Tanh */
export class Tanh extends Activation {
  override forward(input: Tensor): Tensor {
    return aten.tanh(input)
  }
}

/** torch.nn.Sigmoid */
export class Sigmoid extends Activation {
  override forward(input: Tensor): Tensor {
    return aten.sigmoid(input)
  }
}

/** torch.nn.LogSigmoid */
export class LogSigmoid extends Activation {
  override forward(input: Tensor): Tensor {
    return F.logsigmoid(input)
  }
}

/** torch.nn.Softsign: `x / (1 + |x|)`. */
export class Softsign extends Activation {
  override forward(input: Tensor): Tensor {
    return F.softsign(input)
  }
}

/** torch.nn.Tanhshrink: `x - tanh(x)`. */
export class Tanhshrink extends Activation {
  override forward(input: Tensor): Tensor {
    return F.tanhshrink(input)
  }
}

interface LeakyOptions extends Inplace {
  /** Default 0.01. */
  negative_slope?: number
}

/** torch.nn.LeakyReLU */
export class LeakyReLU extends Activation {
  readonly negative_slope: number
  readonly inplace: boolean

  constructor(...rest: Rest<LeakyOptions, ['negative_slope', 'inplace']>) {
    super()
    const options = named<LeakyOptions>('LeakyReLU', rest, ['negative_slope', 'inplace'])
    this.negative_slope = options.negative_slope ?? 0.01
    this.inplace = options.inplace ?? false
  }

  override forward(input: Tensor): Tensor {
    return F.leaky_relu(input, this.negative_slope, this.inplace)
  }

  override extra_repr(): string {
    return `negative_slope=${pythonFloat(this.negative_slope)}${this.inplace ? ', inplace=True' : ''}`
  }
}

interface EluOptions extends Inplace {
  /** Default 1. */
  alpha?: number
}

/** torch.nn.ELU */
export class ELU extends Activation {
  readonly alpha: number
  readonly inplace: boolean

  constructor(...rest: Rest<EluOptions, ['alpha', 'inplace']>) {
    super()
    const options = named<EluOptions>(new.target.name, rest, ['alpha', 'inplace'])
    this.alpha = options.alpha ?? 1
    this.inplace = options.inplace ?? false
  }

  override forward(input: Tensor): Tensor {
    return F.elu(input, this.alpha, this.inplace)
  }

  override extra_repr(): string {
    return `alpha=${pythonFloat(this.alpha)}${this.inplace ? ', inplace=True' : ''}`
  }
}

interface SoftplusOptions {
  /** Default 1. */
  beta?: number
  /** Above it the function is the identity; default 20. */
  threshold?: number
}

/** torch.nn.Softplus: a smooth ReLU. */
export class Softplus extends Activation {
  readonly beta: number
  readonly threshold: number

  constructor(...rest: Rest<SoftplusOptions, ['beta', 'threshold']>) {
    super()
    const { beta = 1, threshold = 20 } = named<SoftplusOptions>('Softplus', rest, ['beta', 'threshold'])
    this.beta = beta
    this.threshold = threshold
  }

  override forward(input: Tensor): Tensor {
    return aten.softplus(input, this.beta, this.threshold)
  }

  override extra_repr(): string {
    return `beta=${pythonFloat(this.beta)}, threshold=${pythonFloat(this.threshold)}`
  }
}

interface HardtanhOptions extends Inplace {
  /** Default -1. */
  min_val?: number
  /** Default 1. */
  max_val?: number
}

/** torch.nn.Hardtanh */
export class Hardtanh extends Activation {
  readonly min_val: number
  readonly max_val: number
  readonly inplace: boolean

  constructor(...rest: Rest<HardtanhOptions, ['min_val', 'max_val', 'inplace']>) {
    super()
    const options = named<HardtanhOptions>('Hardtanh', rest, ['min_val', 'max_val', 'inplace'])
    this.min_val = options.min_val ?? -1
    this.max_val = options.max_val ?? 1
    this.inplace = options.inplace ?? false
  }

  override forward(input: Tensor): Tensor {
    return F.hardtanh(input, this.min_val, this.max_val, this.inplace)
  }

  override extra_repr(): string {
    const { min_val, max_val, inplace } = this
    return `min_val=${pythonFloat(min_val)}, max_val=${pythonFloat(max_val)}${inplace ? `, inplace=${pythonBool(inplace)}` : ''}`
  }
}

interface PReLUOptions extends Factory {
  /** 1 (default), or one slope per channel. */
  num_parameters?: number
  /** First slope, default 0.25. */
  init?: number
}

/** torch.nn.PReLU: a leaky ReLU that learns its slope. */
export class PReLU extends Activation {
  readonly num_parameters: number
  /** (num_parameters) */
  weight: Tensor

  constructor(...rest: Rest<PReLUOptions, ['num_parameters', 'init', 'device', 'dtype']>) {
    super()
    const options = named<PReLUOptions>('PReLU', rest, ['num_parameters', 'init', 'device', 'dtype'])
    this.num_parameters = options.num_parameters ?? 1
    this.weight = Parameter(aten.full([this.num_parameters], options.init ?? 0.25, factory(options)))
  }

  override forward(input: Tensor): Tensor {
    return aten.prelu(input, this.weight)
  }

  override extra_repr(): string {
    return `num_parameters=${this.num_parameters}`
  }
}
