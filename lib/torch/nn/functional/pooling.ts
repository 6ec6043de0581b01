/** torch.nn.functional: power-average and fractional pooling, and pooling that always gives positions. */

import { ArgumentError } from '../../../errors.js'
import {
  type AdaptiveMaxPool,
  adaptive_max_pool1d,
  adaptive_max_pool2d,
  adaptive_max_pool3d,
  type MaxPool,
  type MaxPoolOptions,
  max_pool1d,
  max_pool2d,
  max_pool3d,
} from '../../functions/pooling.js'
import type { Tensor } from '../../tensor.js'
import { named, type Rest } from '../arguments.js'
import { aten } from '../aten.js'

type Sizes = number | readonly number[]

/** A size for each dimension. */
const each = (sizes: Sizes, dimensions: number): number[] =>
  typeof sizes === 'number' ? new Array<number>(dimensions).fill(sizes) : [...sizes]

export interface LpPoolOptions {
  /** Default: the kernel's size. */
  stride?: Sizes | null
  /** Whether a window that only starts inside counts. */
  ceil_mode?: boolean
}
const lpPoolNames = ['stride', 'ceil_mode'] as const

/** The root of the sum of powers of each window. */
export type LpPool = (
  input: Tensor,
  norm_type: number,
  kernel_size: Sizes,
  ...rest: Rest<LpPoolOptions, [...typeof lpPoolNames]>
) => Tensor

type AveragePool = (input: Tensor, kernel: Sizes, stride: Sizes, padding: number, ceil: boolean) => Tensor

function lpPool(dimensions: 1 | 2 | 3, average: AveragePool, greatest: MaxPool): LpPool {
  return (input, norm_type, kernel_size, ...rest) => {
    const options = named<LpPoolOptions>(`lp_pool${dimensions}d`, rest, lpPoolNames)
    const { stride, ceil_mode = false } = options
    const infinite = (values: Tensor) =>
      greatest(values, kernel_size, { stride: stride ?? null, ceil_mode }) as Tensor
    if (norm_type === Number.POSITIVE_INFINITY) return infinite(input.abs())
    if (norm_type === Number.NEGATIVE_INFINITY) return infinite(input.abs().neg()).neg()
    const mean = average(input.pow(norm_type), kernel_size, stride ?? [], 0, ceil_mode)
    const window = each(kernel_size, dimensions).reduce((product, size) => product * size, 1)
    return mean
      .sign()
      .mul(mean.abs().relu())
      .mul(window)
      .pow(1 / norm_type)
  }
}

/** torch.nn.functional.lp_pool1d */
export const lp_pool1d = lpPool(1, (...args) => aten.avg_pool1d(...args), max_pool1d)
/** torch.nn.functional.lp_pool2d */
export const lp_pool2d = lpPool(2, (...args) => aten.avg_pool2d(...args), max_pool2d)
/** torch.nn.functional.lp_pool3d */
export const lp_pool3d = lpPool(3, (...args) => aten.avg_pool3d(...args), max_pool3d)

export interface FractionalPoolOptions {
  /** Either this or `output_ratio` must be given. */
  output_size?: Sizes | null
  /** Of the input's size, below 1. */
  output_ratio?: Sizes | null
  /** Also where each maximum stood. */
  return_indices?: boolean
  /** (N, C, dimensions) in [0, 1), instead of numbers drawn here. */
  _random_samples?: Tensor | null
}
const fractionalNames = ['output_size', 'output_ratio', 'return_indices', '_random_samples'] as const
type FractionalRest = Rest<FractionalPoolOptions, [...typeof fractionalNames]>

type Fractional = (input: Tensor, kernel: Sizes, output: number[], samples: Tensor) => [Tensor, Tensor]
type WithIndices = (input: Tensor, kernel_size: Sizes, ...rest: FractionalRest) => [Tensor, Tensor]

function fractional(dimensions: 2 | 3, pool: Fractional): WithIndices {
  return (input, kernel_size, ...rest) => {
    const name = `fractional_max_pool${dimensions}d`
    const options = named<FractionalPoolOptions>(name, rest, fractionalNames)
    const { output_size = null, output_ratio = null, _random_samples = null } = options
    if (output_size === null && output_ratio === null) {
      throw new ArgumentError(`${name} requires specifying either an output_size or an output_ratio`)
    }
    const sizes =
      output_size === null
        ? each(output_ratio as Sizes, dimensions).map((ratio, d) =>
            Math.trunc(input.size(d - dimensions) * ratio),
          )
        : each(output_size, dimensions)
    const batch = input.ndim === dimensions + 1 ? 1 : input.size(0)
    const { dtype, device } = input
    const draw = () => aten.rand([batch, input.size(-dimensions - 1), dimensions], { dtype, device })
    return pool(input, kernel_size, sizes, _random_samples ?? draw())
  }
}

/** torch.nn.functional.fractional_max_pool2d_with_indices */
export const fractional_max_pool2d_with_indices = fractional(2, (...args) =>
  aten.fractional_max_pool2d(...args),
)
/** torch.nn.functional.fractional_max_pool3d_with_indices */
export const fractional_max_pool3d_with_indices = fractional(3, (...args) =>
  aten.fractional_max_pool3d(...args),
)

const onRequest =
  (withIndices: WithIndices) =>
  (input: Tensor, kernel_size: Sizes, ...rest: FractionalRest): Tensor | [Tensor, Tensor] => {
    const results = withIndices(input, kernel_size, ...rest)
    const options = named<FractionalPoolOptions>('fractional_max_pool', rest, fractionalNames)
    return options.return_indices ? results : results[0]
  }

/** torch.nn.functional.fractional_max_pool2d: maxima over windows of random steps. */
export const fractional_max_pool2d = onRequest(fractional_max_pool2d_with_indices)
/** torch.nn.functional.fractional_max_pool3d */
export const fractional_max_pool3d = onRequest(fractional_max_pool3d_with_indices)

const maxNames = ['stride', 'padding', 'dilation', 'ceil_mode'] as const
type MaxOptions = Omit<MaxPoolOptions, 'return_indices'>

const always =
  (pool: MaxPool) =>
  (input: Tensor, kernel_size: Sizes, ...rest: Rest<MaxOptions, [...typeof maxNames]>): [Tensor, Tensor] => {
    const options = named<MaxOptions>('max_pool_with_indices', rest, maxNames)
    return pool(input, kernel_size, { ...options, return_indices: true })
  }

/** torch.nn.functional.max_pool1d_with_indices */
export const max_pool1d_with_indices = always(max_pool1d)
/** torch.nn.functional.max_pool2d_with_indices */
export const max_pool2d_with_indices = always(max_pool2d)
/** torch.nn.functional.max_pool3d_with_indices */
export const max_pool3d_with_indices = always(max_pool3d)

const adaptiveAlways =
  (pool: AdaptiveMaxPool) =>
  (input: Tensor, output_size: number | readonly (number | null)[]): [Tensor, Tensor] =>
    pool(input, output_size, { return_indices: true })

/** torch.nn.functional.adaptive_max_pool1d_with_indices */
export const adaptive_max_pool1d_with_indices = adaptiveAlways(adaptive_max_pool1d)
/** torch.nn.functional.adaptive_max_pool2d_with_indices */
export const adaptive_max_pool2d_with_indices = adaptiveAlways(adaptive_max_pool2d)
/** torch.nn.functional.adaptive_max_pool3d_with_indices */
export const adaptive_max_pool3d_with_indices = adaptiveAlways(adaptive_max_pool3d)
