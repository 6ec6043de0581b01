/** torch.nn: layers that normalize each example. */

import { ArgumentError } from '../../errors.js'
import type { Tensor } from '../tensor.js'
import { type Factory, factory, named, type Rest } from './arguments.js'
import { aten } from './aten.js'
import { ones_, zeros_ } from './init.js'
import { Module } from './module.js'
import { Parameter } from './parameter.js'
import { pythonBool, pythonFloat, pythonTuple } from './python-repr.js'

interface RmsNormOptions extends Factory {
  /** Default: the smallest step of the input's dtype. */
  eps?: number | null
  /** Default true: weights that are learned. */
  elementwise_affine?: boolean
}

interface LayerNormOptions extends Factory {
  /** Default 1e-5. */
  eps?: number
  /** Default true: weights that are learned. */
  elementwise_affine?: boolean
  /** Default true. */
  bias?: boolean
}
const layerNormNames = ['eps', 'elementwise_affine', 'bias', 'device', 'dtype'] as const
type LayerNormNames = typeof layerNormNames

const shapeOf = (shape: number | readonly number[]): number[] =>
  typeof shape === 'number' ? [shape] : [...shape]

/** torch.nn.LayerNorm over the last dimensions, whose sizes are `normalized_shape`. */
export class LayerNorm extends Module<[input: Tensor], Tensor> {
  readonly normalized_shape: number[]
  readonly eps: number
  readonly elementwise_affine: boolean
  weight: Tensor | null
  bias: Tensor | null

  constructor(normalized_shape: number | readonly number[], ...rest: Rest<LayerNormOptions, LayerNormNames>) {
    super()
    const options = named<LayerNormOptions>('LayerNorm', rest, layerNormNames)
    const { eps = 1e-5, elementwise_affine = true, bias = true } = options
    this.normalized_shape = shapeOf(normalized_shape)
    this.eps = eps
    this.elementwise_affine = elementwise_affine
    const made = factory(options)
    this.weight = elementwise_affine ? Parameter(aten.empty(this.normalized_shape, made)) : null
    this.bias = elementwise_affine && bias ? Parameter(aten.empty(this.normalized_shape, made)) : null
    this.reset_parameters()
  }

  reset_parameters(): void {
    if (this.weight) ones_(this.weight)
    if (this.bias) zeros_(this.bias)
  }

  override forward(input: Tensor): Tensor {
    return aten.layer_norm(input, this.normalized_shape, this.weight, this.bias, this.eps)
  }

  override extra_repr(): string {
    const { normalized_shape, eps, elementwise_affine, bias } = this
    return `${pythonTuple(normalized_shape)}, eps=${pythonFloat(eps)}, elementwise_affine=${pythonBool(elementwise_affine)}, bias=${pythonBool(bias !== null)}`
  }
}

/** torch.nn.RMSNorm: divides by the root of the mean square over the last dimensions. */
export class RMSNorm extends Module<[input: Tensor], Tensor> {
  readonly normalized_shape: number[]
  readonly eps: number | null
  readonly elementwise_affine: boolean
  weight: Tensor | null

  constructor(
    normalized_shape: number | readonly number[],
    ...rest: Rest<RmsNormOptions, ['eps', 'elementwise_affine', 'device', 'dtype']>
  ) {
    super()
    const options = named<RmsNormOptions>('RMSNorm', rest, ['eps', 'elementwise_affine', 'device', 'dtype'])
    const { eps = null, elementwise_affine = true } = options
    this.normalized_shape = shapeOf(normalized_shape)
    this.eps = eps
    this.elementwise_affine = elementwise_affine
    this.weight = elementwise_affine ? Parameter(aten.empty(this.normalized_shape, factory(options))) : null
    this.reset_parameters()
  }

  reset_parameters(): void {
    if (this.weight) ones_(this.weight)
  }

  override forward(input: Tensor): Tensor {
    return aten.rms_norm(input, this.normalized_shape, this.weight, this.eps)
  }

  override extra_repr(): string {
    const { normalized_shape, eps, elementwise_affine } = this
    return `${pythonTuple(normalized_shape)}, eps=${eps === null ? 'None' : pythonFloat(eps)}, elementwise_affine=${pythonBool(elementwise_affine)}`
  }
}

interface GroupNormOptions extends Factory {
  /** Default 1e-5. */
  eps?: number
  /** Default true: weights that are learned, one per channel. */
  affine?: boolean
  /** Default true. */
  bias?: boolean
}
const groupNormNames = ['eps', 'affine', 'device', 'dtype'] as const
type GroupNormNames = typeof groupNormNames

/** torch.nn.GroupNorm of (N, C, *): channels in `num_groups` groups. */
export class GroupNorm extends Module<[input: Tensor], Tensor> {
  readonly eps: number
  readonly affine: boolean
  weight: Tensor | null
  bias: Tensor | null

  constructor(
    readonly num_groups: number,
    readonly num_channels: number,
    ...rest: Rest<GroupNormOptions, GroupNormNames>
  ) {
    super()
    if (num_channels % num_groups !== 0) {
      throw new ArgumentError(`num_channels ${num_channels} must be divisible by num_groups ${num_groups}`)
    }
    const options = named<GroupNormOptions>('GroupNorm', rest, groupNormNames, ['bias'])
    const { eps = 1e-5, affine = true, bias = true } = options
    this.eps = eps
    this.affine = affine
    this.weight = affine ? Parameter(aten.empty([num_channels], factory(options))) : null
    this.bias = affine && bias ? Parameter(aten.empty([num_channels], factory(options))) : null
    this.reset_parameters()
  }

  reset_parameters(): void {
    if (this.weight) ones_(this.weight)
    if (this.bias) zeros_(this.bias)
  }

  override forward(input: Tensor): Tensor {
    return aten.group_norm(input, this.num_groups, this.weight, this.bias, this.eps)
  }

  override extra_repr(): string {
    const { num_groups, num_channels, eps, affine, bias } = this
    return `${num_groups}, ${num_channels}, eps=${pythonFloat(eps)}, affine=${pythonBool(affine)}, bias=${pythonBool(bias !== null)}`
  }
}
