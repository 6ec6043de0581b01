/** Pooling of torch.nn.functional that returns positions on request, and its inverse. */

import { ShapeError } from '../../errors.js'
import { named, type Rest } from '../nn/arguments.js'
import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'

type Sizes = number | readonly number[]

export interface MaxPoolOptions {
  /** Default: the kernel's size. */
  stride?: Sizes | null
  padding?: Sizes
  dilation?: Sizes
  /** Whether a window that only starts inside counts. */
  ceil_mode?: boolean
  /** Also where each maximum stood, for `max_unpool`. */
  return_indices?: boolean
}

const maxPoolNames = ['stride', 'padding', 'dilation', 'ceil_mode', 'return_indices'] as const

/** Pooling with or without positions. */
export interface MaxPool {
  (input: Tensor, kernel_size: Sizes, options: MaxPoolOptions & { return_indices: true }): [Tensor, Tensor]
  (input: Tensor, kernel_size: Sizes, options?: MaxPoolOptions & { return_indices?: false }): Tensor
  (
    input: Tensor,
    kernel_size: Sizes,
    ...rest: Rest<MaxPoolOptions, [...typeof maxPoolNames]>
  ): Tensor | Tensor[]
  (input: Tensor, options: MaxPoolOptions & { kernel_size: Sizes }): Tensor | Tensor[]
}

function maxPool(name: string): MaxPool {
  const values = operator<(...args: unknown[]) => Tensor>(`aten::${name}`)
  const withIndices = operator<(...args: unknown[]) => [Tensor, Tensor]>(`aten::${name}_with_indices`)
  const call = (input: Tensor, ...rest: unknown[]) => {
    type Options = MaxPoolOptions & { kernel_size: Sizes }
    const options = named<Options>(`${name}()`, rest, ['kernel_size', ...maxPoolNames])
    const { kernel_size, stride, padding = 0, dilation = 1, ceil_mode = false, return_indices } = options
    const pool = return_indices ? withIndices : values
    return pool(input, kernel_size, stride ?? [], padding, dilation, ceil_mode)
  }
  return call as MaxPool
}

/** torch.nn.functional.max_pool1d: the maximum of each window over (N, C, L). */
export const max_pool1d = maxPool('max_pool1d')
/** torch.nn.functional.max_pool2d: the maximum of each window over (N, C, H, W). */
export const max_pool2d = maxPool('max_pool2d')
/** torch.nn.functional.max_pool3d: the maximum of each window over (N, C, D, H, W). */
export const max_pool3d = maxPool('max_pool3d')

type OutputSizes = number | readonly (number | null)[]

// One number stands for all dimensions, null keeps the input's size.
function filledIn(output: OutputSizes, input: Tensor, spatial: number): Sizes {
  if (typeof output === 'number') return new Array<number>(spatial).fill(output)
  if (input.dim() <= output.length) {
    throw new ShapeError(
      `adaptive pooling to [${output}] takes at least ${output.length + 1} dimensions, not ${input.dim()}`,
    )
  }
  return output.map((size, i) => size ?? input.size(i - output.length))
}

/** Adaptive pooling to `output_size`; null in it keeps the input's size. */
function adaptiveAverage(spatial: number) {
  const name = `adaptive_avg_pool${spatial}d`
  const pool = operator<(input: Tensor, size: Sizes) => Tensor>(`aten::${name}`)
  return (
    input: Tensor,
    ...rest: [output_size: OutputSizes] | [options: { output_size: OutputSizes }]
  ): Tensor => {
    const { output_size } = named<{ output_size: OutputSizes }>(`${name}()`, rest, ['output_size'])
    return pool(input, filledIn(output_size, input, spatial))
  }
}

/** torch.nn.functional.adaptive_avg_pool1d: means over windows that give the wanted size. */
export const adaptive_avg_pool1d = adaptiveAverage(1)
/** torch.nn.functional.adaptive_avg_pool2d */
export const adaptive_avg_pool2d = adaptiveAverage(2)
/** torch.nn.functional.adaptive_avg_pool3d */
export const adaptive_avg_pool3d = adaptiveAverage(3)

/** Adaptive pooling with or without positions. */
export interface AdaptiveMaxPool {
  (input: Tensor, output_size: OutputSizes, options: { return_indices: true }): [Tensor, Tensor]
  (input: Tensor, output_size: OutputSizes, options?: { return_indices?: false }): Tensor
  (
    input: Tensor,
    output_size: OutputSizes,
    ...rest: Rest<{ return_indices?: boolean }, ['return_indices']>
  ): Tensor | Tensor[]
}

function adaptiveMax(spatial: number): AdaptiveMaxPool {
  const name = `adaptive_max_pool${spatial}d`
  const pool = operator<(input: Tensor, size: Sizes) => [Tensor, Tensor]>(`aten::${name}`)
  const call = (input: Tensor, ...rest: unknown[]) => {
    type Options = { output_size: OutputSizes; return_indices?: boolean }
    const options = named<Options>(`${name}()`, rest, ['output_size', 'return_indices'])
    const { output_size, return_indices } = options
    const results = pool(input, filledIn(output_size, input, spatial))
    return return_indices ? results : results[0]
  }
  return call as AdaptiveMaxPool
}

/** torch.nn.functional.adaptive_max_pool1d: maxima over windows that give the wanted size. */
export const adaptive_max_pool1d = adaptiveMax(1)
/** torch.nn.functional.adaptive_max_pool2d */
export const adaptive_max_pool2d = adaptiveMax(2)
/** torch.nn.functional.adaptive_max_pool3d */
export const adaptive_max_pool3d = adaptiveMax(3)

export interface MaxUnpoolOptions {
  stride?: Sizes | null
  padding?: Sizes
  /** The size before pooling, where the default would be another. */
  output_size?: readonly number[] | null
}

type MaxUnpool = (
  input: Tensor,
  indices: Tensor,
  kernel_size: Sizes,
  ...rest: Rest<MaxUnpoolOptions, ['stride', 'padding', 'output_size']>
) => Tensor

function maxUnpool(
  spatial: number,
  unpool: (input: Tensor, indices: Tensor, size: number[], stride: number[], padding: number[]) => Tensor,
): MaxUnpool {
  return (input, indices, ...rest) => {
    const names = ['kernel_size', 'stride', 'padding', 'output_size'] as const
    type Options = MaxUnpoolOptions & { kernel_size: Sizes }
    const options = named<Options>(`max_unpool${spatial}d()`, rest, names)
    const each = (sizes: Sizes) =>
      typeof sizes === 'number' ? new Array<number>(spatial).fill(sizes) : [...sizes]
    const kernel = each(options.kernel_size)
    const stride = each(options.stride ?? kernel)
    const padding = each(options.padding ?? 0)
    const size = unpooledSize(input, kernel, stride, padding, options.output_size ?? null)
    return unpool(input, indices, size, stride, padding)
  }
}

function unpooledSize(
  input: Tensor,
  kernel: readonly number[],
  stride: readonly number[],
  padding: readonly number[],
  wanted: readonly number[] | null,
): number[] {
  const usual = kernel.map((size, i) => {
    const length = input.size(i - kernel.length)
    return (length - 1) * (stride[i] as number) + size - 2 * (padding[i] as number)
  })
  if (wanted === null) return usual
  const sizes = wanted.length === kernel.length + 2 ? wanted.slice(2) : wanted
  if (sizes.length !== kernel.length) {
    throw new ShapeError(
      `max_unpool takes an output_size of ${kernel.length} or ${kernel.length + 2} numbers, not ${sizes.length}`,
    )
  }
  for (const [i, size] of sizes.entries()) {
    const [least, most] = [
      (usual[i] as number) - (stride[i] as number),
      (usual[i] as number) + (stride[i] as number),
    ]
    if (size <= least || size >= most) {
      throw new ShapeError(
        `max_unpool: output_size[${i}] is ${size}, but must lie between ${least} and ${most}`,
      )
    }
  }
  return [...sizes]
}

const unpool2d = operator<(input: Tensor, indices: Tensor, size: number[]) => Tensor>('aten::max_unpool2d')
const unpool3d =
  operator<(input: Tensor, indices: Tensor, size: number[], stride: number[], padding: number[]) => Tensor>(
    'aten::max_unpool3d',
  )

/** torch.nn.functional.max_unpool1d: maxima back at their positions, zeros elsewhere. */
export const max_unpool1d = maxUnpool(1, (input, indices, size) =>
  unpool2d(input.unsqueeze(-1), indices.unsqueeze(-1), [...size, 1]).squeeze(-1),
)
/** torch.nn.functional.max_unpool2d */
export const max_unpool2d = maxUnpool(2, (input, indices, size) => unpool2d(input, indices, size))
/** torch.nn.functional.max_unpool3d */
export const max_unpool3d = maxUnpool(3, unpool3d)
