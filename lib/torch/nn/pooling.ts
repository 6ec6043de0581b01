/** torch.nn: pooling. */

import { ArgumentError } from '../../errors.js'
import type { Tensor } from '../tensor.js'
import { aten } from './aten.js'
import { type FunctionLayer, layer, pairs } from './function-layer.js'
import { functional as F } from './functional/index.js'

type Sizes = number | readonly number[]
type Spatial = 1 | 2 | 3

interface Window {
  kernel_size: Sizes
  /** Default: the kernel's size. */
  stride?: Sizes | null
  padding?: Sizes
  /** Whether a window that only starts inside counts. */
  ceil_mode?: boolean
}

const each = (sizes: Sizes, spatial: Spatial) =>
  typeof sizes === 'number' ? new Array<number>(spatial).fill(sizes) : [...sizes]
const strideOf = ({ kernel_size, stride }: Window) => ({ stride: stride ?? kernel_size })

export interface AveragePoolOptions extends Window {
  /** Default true: zeros of the padding count. */
  count_include_pad?: boolean
  /** The divisor instead of the window's size; not for AvgPool1d. */
  divisor_override?: number | null
}

const averageDefaults = { padding: 0, ceil_mode: false, count_include_pad: true } as const

/** torch.nn.AvgPool1d: the mean of each window over (N, C, L). */
export const AvgPool1d = layer<Omit<AveragePoolOptions, 'divisor_override'>>()('AvgPool1d', {
  needed: ['kernel_size'],
  names: ['stride', 'padding', 'ceil_mode', 'count_include_pad'],
  defaults: averageDefaults,
  prepare: ({ kernel_size, stride, padding = 0 }) => ({
    kernel_size: each(kernel_size, 1),
    stride: each(stride ?? kernel_size, 1),
    padding: each(padding, 1),
  }),
  run: (o, input) =>
    aten.avg_pool1d(
      input,
      o.kernel_size,
      o.stride ?? o.kernel_size,
      o.padding,
      o.ceil_mode,
      o.count_include_pad,
    ),
  repr: ({ kernel_size, stride, padding }) => pairs({ kernel_size, stride, padding }),
})

const averagePool = (spatial: 2 | 3) =>
  layer<AveragePoolOptions>()(`AvgPool${spatial}d`, {
    needed: ['kernel_size'],
    names: ['stride', 'padding', 'ceil_mode', 'count_include_pad', 'divisor_override'],
    defaults: { ...averageDefaults, divisor_override: null },
    prepare: strideOf,
    run: (o, input) => {
      const pool = spatial === 2 ? aten.avg_pool2d : aten.avg_pool3d
      const { kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override } = o
      return pool(
        input,
        kernel_size,
        stride ?? kernel_size,
        padding,
        ceil_mode,
        count_include_pad,
        divisor_override,
      )
    },
    repr: ({ kernel_size, stride, padding }) => pairs({ kernel_size, stride, padding }),
  })

/** torch.nn.AvgPool2d: the mean of each window over (N, C, H, W). */
export const AvgPool2d = averagePool(2)
/** torch.nn.AvgPool3d */
export const AvgPool3d = averagePool(3)

export interface MaxPoolLayerOptions extends Window {
  dilation?: Sizes
  /** Give [values, positions], for `MaxUnpool`. */
  return_indices?: boolean
}

const maxPool = (spatial: Spatial) =>
  layer<MaxPoolLayerOptions>()(`MaxPool${spatial}d`, {
    needed: ['kernel_size'],
    names: ['stride', 'padding', 'dilation', 'return_indices', 'ceil_mode'],
    defaults: { padding: 0, dilation: 1, return_indices: false, ceil_mode: false },
    prepare: strideOf,
    run: ({ kernel_size, stride, padding, dilation, return_indices, ceil_mode }, input) => {
      const options = { stride, padding, dilation, return_indices, ceil_mode } as object
      return F[`max_pool${spatial}d`](input, kernel_size, options) as Tensor
    },
    repr: ({ kernel_size, stride, padding, dilation, ceil_mode }) =>
      pairs({ kernel_size, stride, padding, dilation, ceil_mode }),
  })

/** torch.nn.MaxPool1d: the maximum of each window over (N, C, L). */
export const MaxPool1d = maxPool(1)
/** torch.nn.MaxPool2d: the maximum of each window over (N, C, H, W). */
export const MaxPool2d = maxPool(2)
/** torch.nn.MaxPool3d */
export const MaxPool3d = maxPool(3)

type UnpoolInputs = [input: Tensor, indices: Tensor, output_size?: readonly number[] | null]

const maxUnpool = (spatial: Spatial) =>
  layer<Omit<Window, 'ceil_mode'>, UnpoolInputs>()(`MaxUnpool${spatial}d`, {
    needed: ['kernel_size'],
    names: ['stride', 'padding'],
    prepare: ({ kernel_size, stride, padding = 0 }) => ({
      kernel_size: each(kernel_size, spatial),
      stride: each(stride ?? kernel_size, spatial),
      padding: each(padding, spatial),
    }),
    run: ({ kernel_size, stride, padding }, input, indices, output_size = null) =>
      F[`max_unpool${spatial}d`](input, indices, kernel_size, { stride, padding, output_size }),
    repr: ({ kernel_size, stride, padding }) => pairs({ kernel_size, stride, padding }),
  })

/** torch.nn.MaxUnpool1d: maxima back at their positions, zeros elsewhere. */
export const MaxUnpool1d = maxUnpool(1)
/** torch.nn.MaxUnpool2d */
export const MaxUnpool2d = maxUnpool(2)
/** torch.nn.MaxUnpool3d */
export const MaxUnpool3d = maxUnpool(3)

export interface LpPoolLayerOptions extends Omit<Window, 'padding'> {
  /** The power. */
  norm_type: number
}

const lpPool = (spatial: Spatial) =>
  layer<LpPoolLayerOptions>()(`LPPool${spatial}d`, {
    needed: ['norm_type', 'kernel_size'],
    names: ['stride', 'ceil_mode'],
    defaults: { stride: null, ceil_mode: false },
    run: ({ norm_type, kernel_size, stride, ceil_mode }, input) =>
      F[`lp_pool${spatial}d`](input, norm_type, kernel_size, stride, ceil_mode),
    repr: ({ norm_type, kernel_size, stride, ceil_mode }) =>
      pairs({ norm_type, kernel_size, stride, ceil_mode }),
  })

/** torch.nn.LPPool1d: the root of the sum of powers of each window. */
export const LPPool1d = lpPool(1)
/** torch.nn.LPPool2d */
export const LPPool2d = lpPool(2)
/** torch.nn.LPPool3d */
export const LPPool3d = lpPool(3)

interface Adaptive {
  /** null keeps the input's size. */
  output_size: number | readonly (number | null)[]
}

const adaptiveAverage = (spatial: Spatial) =>
  layer<Adaptive>()(`AdaptiveAvgPool${spatial}d`, {
    needed: ['output_size'],
    run: ({ output_size }, input) => F[`adaptive_avg_pool${spatial}d`](input, output_size),
    repr: ({ output_size }) => pairs({ output_size }),
  })

/** torch.nn.AdaptiveAvgPool1d: means over windows that give the wanted size. */
export const AdaptiveAvgPool1d = adaptiveAverage(1)
/** torch.nn.AdaptiveAvgPool2d */
export const AdaptiveAvgPool2d = adaptiveAverage(2)
/** torch.nn.AdaptiveAvgPool3d */
export const AdaptiveAvgPool3d = adaptiveAverage(3)

const adaptiveMax = (spatial: Spatial) =>
  layer<Adaptive & { return_indices?: boolean }>()(`AdaptiveMaxPool${spatial}d`, {
    needed: ['output_size'],
    names: ['return_indices'],
    run: ({ output_size, return_indices = false }, input) =>
      F[`adaptive_max_pool${spatial}d`](input, output_size, return_indices) as Tensor,
    repr: ({ output_size }) => pairs({ output_size }),
  })

/** torch.nn.AdaptiveMaxPool1d: maxima over windows that give the wanted size. */
export const AdaptiveMaxPool1d = adaptiveMax(1)
/** torch.nn.AdaptiveMaxPool2d */
export const AdaptiveMaxPool2d = adaptiveMax(2)
/** torch.nn.AdaptiveMaxPool3d */
export const AdaptiveMaxPool3d = adaptiveMax(3)

export interface FractionalLayerOptions {
  kernel_size: Sizes
  /** Either this or `output_ratio`. */
  output_size?: Sizes | null
  output_ratio?: Sizes | null
  return_indices?: boolean
  /** (N, C, dimensions) in [0, 1), instead of numbers drawn at each call. */
  _random_samples?: Tensor | null
}
type FractionalArguments = [kernel_size: Sizes, options: Omit<FractionalLayerOptions, 'kernel_size'>]

const fractionalMax = (
  spatial: 2 | 3,
): FunctionLayer<FractionalLayerOptions, [Tensor], FractionalArguments> =>
  layer<FractionalLayerOptions>()(`FractionalMaxPool${spatial}d`, {
    needed: ['kernel_size'],
    names: ['output_size', 'output_ratio', 'return_indices', '_random_samples'],
    buffers: ['_random_samples'],
    prepare: ({ output_size = null, output_ratio = null }) => {
      if ((output_size === null) === (output_ratio === null)) {
        throw new ArgumentError(`FractionalMaxPool${spatial}d takes either output_size or output_ratio`)
      }
      return {}
    },
    run: ({ kernel_size, output_size, output_ratio, return_indices, _random_samples }, input) => {
      const options = { output_size, output_ratio, return_indices, _random_samples }
      return F[`fractional_max_pool${spatial}d`](input, kernel_size, options) as Tensor
    },
  })

/** torch.nn.FractionalMaxPool2d: maxima over windows of random steps. */
export const FractionalMaxPool2d = fractionalMax(2)
/** torch.nn.FractionalMaxPool3d */
export const FractionalMaxPool3d = fractionalMax(3)
