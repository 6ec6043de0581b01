/** torch.nn.Conv1d */

import { ArgumentError } from '../../errors.js'
import type { Tensor } from '../tensor.js'
import { type Factory, factory, named, type Rest } from './arguments.js'
import { aten } from './aten.js'
import { _calculate_fan_in_and_fan_out, kaiming_uniform_, uniform_ } from './init.js'
import { Module } from './module.js'
import { Parameter } from './parameter.js'
import { pythonTuple } from './python-repr.js'

const paddingModes = ['zeros', 'reflect', 'replicate', 'circular'] as const

interface ConvOptions extends Factory {
  /** Default 1. */
  stride?: number
  /** Elements added at both ends, default 0; `same` keeps the length, `valid` is 0. */
  padding?: number | 'same' | 'valid'
  /** Default 1. */
  dilation?: number
  /** Default 1. */
  groups?: number
  /** Default true. */
  bias?: boolean
  /** Default zeros. */
  padding_mode?: (typeof paddingModes)[number]
}
const names = ['stride', 'padding', 'dilation', 'groups', 'bias', 'padding_mode', 'device', 'dtype'] as const
type Names = typeof names

/** torch.nn.Conv1d: (N, in_channels, L) or (in_channels, L) → (N, out_channels, L'). */
export class Conv1d extends Module<[input: Tensor], Tensor> {
  readonly stride: number
  readonly padding: number | 'same' | 'valid'
  readonly dilation: number
  readonly groups: number
  readonly padding_mode: (typeof paddingModes)[number]
  /** (out_channels, in_channels / groups, kernel_size) */
  weight: Tensor
  /** (out_channels) */
  bias: Tensor | null

  constructor(
    readonly in_channels: number,
    readonly out_channels: number,
    readonly kernel_size: number,
    ...rest: Rest<ConvOptions, Names>
  ) {
    super()
    const options = named<ConvOptions>('Conv1d', rest, names)
    const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, padding_mode = 'zeros' } = options
    if (groups <= 0 || in_channels % groups !== 0 || out_channels % groups !== 0) {
      throw new ArgumentError(
        `in_channels ${in_channels} and out_channels ${out_channels} must be divisible by groups ${groups}`,
      )
    }
    if (padding === 'same' && stride !== 1) {
      throw new ArgumentError(`padding 'same' needs stride 1, got ${stride}`)
    }
    if (!paddingModes.includes(padding_mode)) {
      throw new ArgumentError(`padding_mode '${padding_mode}' is none of ${paddingModes.join(', ')}`)
    }
    this.stride = stride
    this.padding = padding
    this.dilation = dilation
    this.groups = groups
    this.padding_mode = padding_mode
    const made = factory(options)
    this.weight = Parameter(aten.empty([out_channels, in_channels / groups, kernel_size], made))
    this.bias = bias ? Parameter(aten.empty([out_channels], made)) : null
    this.reset_parameters()
  }

  reset_parameters(): void {
    kaiming_uniform_(this.weight, Math.sqrt(5))
    const [fanIn] = _calculate_fan_in_and_fan_out(this.weight)
    if (this.bias === null || fanIn === 0) return
    uniform_(this.bias, -1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn))
  }

  override forward(input: Tensor): Tensor {
    const { weight, bias, stride, padding, dilation, groups, padding_mode } = this
    if (padding_mode === 'zeros') {
      if (typeof padding === 'string')
        return aten.conv1d(input, weight, bias, stride, padding, dilation, groups)
      return aten.conv1d(input, weight, bias, stride, padding, dilation, groups)
    }
    const padded = aten.pad(input, this.#ends(), padding_mode)
    return aten.conv1d(padded, weight, bias, stride, 0, dilation, groups)
  }

  /** Elements to add at the left and right end. */
  #ends(): [number, number] {
    if (this.padding === 'valid') return [0, 0]
    if (this.padding !== 'same') return [this.padding, this.padding]
    const total = this.dilation * (this.kernel_size - 1)
    const left = Math.floor(total / 2)
    return [left, total - left]
  }

  override extra_repr(): string {
    const { in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode } =
      this
    const parts = [
      `${in_channels}, ${out_channels}, kernel_size=${pythonTuple([kernel_size])}, stride=${pythonTuple([stride])}`,
    ]
    if (padding !== 0) parts.push(`padding=${typeof padding === 'string' ? padding : pythonTuple([padding])}`)
    if (dilation !== 1) parts.push(`dilation=${pythonTuple([dilation])}`)
    if (groups !== 1) parts.push(`groups=${groups}`)
    if (bias === null) parts.push('bias=False')
    if (padding_mode !== 'zeros') parts.push(`padding_mode=${padding_mode}`)
    return parts.join(', ')
  }
}
