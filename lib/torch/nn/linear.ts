/** torch.nn: layers that are a matrix. */

import type { Tensor } from '../tensor.js'
import { type Factory, factory, named, type Rest } from './arguments.js'
import { aten } from './aten.js'
import { kaiming_uniform_, uniform_ } from './init.js'
import { Module } from './module.js'
import { Parameter } from './parameter.js'
import { pythonBool } from './python-repr.js'

/** torch.nn.Identity: gives what it gets; arguments of the constructor are ignored, as in Python. */
export class Identity extends Module<[input: Tensor], Tensor> {
  constructor(..._ignored: unknown[]) {
    super()
  }

  override forward(input: Tensor): Tensor {
    return input
  }
}

export interface LinearOptions extends Factory {
  /** Default true. */
  bias?: boolean
}
const names = ['bias', 'device', 'dtype'] as const
type Names = typeof names

/** torch.nn.Linear: `x Wᵀ + b` over the last dimension, (*, in_features) → (*, out_features). */
export class Linear extends Module<[input: Tensor], Tensor> {
  /** (out_features, in_features) */
  weight: Tensor
  /** (out_features) */
  bias: Tensor | null

  constructor(
    readonly in_features: number,
    readonly out_features: number,
    ...rest: Rest<LinearOptions, Names>
  ) {
    super()
    const { bias = true, ...where } = named<LinearOptions>('Linear', rest, names)
    const made = factory(where)
    this.weight = Parameter(aten.empty([out_features, in_features], made))
    this.bias = bias ? Parameter(aten.empty([out_features], made)) : null
    this.reset_parameters()
  }

  reset_parameters(): void {
    kaiming_uniform_(this.weight, Math.sqrt(5))
    if (this.bias === null) return
    const bound = this.in_features > 0 ? 1 / Math.sqrt(this.in_features) : 0
    uniform_(this.bias, -bound, bound)
  }

  override forward(input: Tensor): Tensor {
    return aten.linear(input, this.weight, this.bias)
  }

  override extra_repr(): string {
    const { in_features, out_features, bias } = this
    return `in_features=${in_features}, out_features=${out_features}, bias=${pythonBool(bias !== null)}`
  }
}

/** The output projection of MultiheadAttention, which Python prints under this name. */
export class NonDynamicallyQuantizableLinear extends Linear {}

/** torch.nn.Bilinear: `x₁ᵀ W x₂ + b`, (*, in1_features) and (*, in2_features) → (*, out_features). */
export class Bilinear extends Module<[input1: Tensor, input2: Tensor], Tensor> {
  /** (out_features, in1_features, in2_features) */
  weight: Tensor
  /** (out_features) */
  bias: Tensor | null

  constructor(
    readonly in1_features: number,
    readonly in2_features: number,
    readonly out_features: number,
    ...rest: Rest<LinearOptions, Names>
  ) {
    super()
    const { bias = true, ...where } = named<LinearOptions>('Bilinear', rest, names)
    const made = factory(where)
    this.weight = Parameter(aten.empty([out_features, in1_features, in2_features], made))
    this.bias = bias ? Parameter(aten.empty([out_features], made)) : null
    this.reset_parameters()
  }

  reset_parameters(): void {
    const bound = 1 / Math.sqrt(this.weight.size(1))
    uniform_(this.weight, -bound, bound)
    if (this.bias !== null) uniform_(this.bias, -bound, bound)
  }

  override forward(input1: Tensor, input2: Tensor): Tensor {
    return aten.bilinear(input1, input2, this.weight, this.bias)
  }

  override extra_repr(): string {
    const { in1_features, in2_features, out_features, bias } = this
    return `in1_features=${in1_features}, in2_features=${in2_features}, out_features=${out_features}, bias=${pythonBool(bias !== null)}`
  }
}
