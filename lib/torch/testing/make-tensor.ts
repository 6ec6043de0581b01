/** torch.testing.make_tensor */

import { ArgumentError } from '../../errors.js'
import type { DeviceLike } from '../device.js'
import { type DType, float32 } from '../dtype.js'
import { named } from '../nn/arguments.js'
import { aten } from '../nn/aten.js'
import type { Tensor } from '../tensor.js'
import { finfo, iinfo } from '../type-info.js'

export interface MakeTensorOptions {
  dtype: DType
  device?: DeviceLike
  /** Default -9; 0 for bool and unsigned numbers. */
  low?: number | null
  /** Not reached. Default 9 for floating and complex dtypes, 10 for whole numbers, 2 for bool. */
  high?: number | null
  requires_grad?: boolean
  /** Every second element of a larger tensor. */
  noncontiguous?: boolean
  /** 1, or the smallest normal number, in the place of zeros. */
  exclude_zero?: boolean
  memory_format?: string | null
}

const keywords = [
  'dtype',
  'device',
  'low',
  'high',
  'requires_grad',
  'noncontiguous',
  'exclude_zero',
  'memory_format',
] as const

interface Range {
  /** Limits of what the dtype holds: from `lowest` to below `highest`. */
  lowest: number
  highest: number
  low: number
  high: number
}

/**
 * torch.testing.make_tensor: a tensor of the shape, drawn uniformly from [low, high) with the numbers that Python draws.
 *
 * @throws ArgumentError for an empty range, one outside of the dtype, NaN, and options that exclude each other.
 */
export function make_tensor(shape: number | readonly number[], options: MakeTensorOptions): Tensor {
  const given = named<MakeTensorOptions>('make_tensor()', [options], [], keywords)
  const { dtype, device = 'cpu', requires_grad = false, memory_format = null } = given
  const whole = dtype.name === 'bool' || /int/.test(dtype.name)
  if (given.noncontiguous && memory_format !== null) {
    throw new ArgumentError('The parameters `noncontiguous` and `memory_format` are mutually exclusive')
  }
  if (requires_grad && whole) {
    throw new ArgumentError(
      `\`requires_grad=True\` is not supported for boolean and integral dtypes, but got dtype=${dtype}`,
    )
  }
  const sizes = typeof shape === 'number' ? [shape] : [...shape]
  const spread = given.noncontiguous === true && sizes.reduce((product, size) => product * size, 1) > 1
  const last = sizes.length - 1
  if (spread) sizes[last] = 2 * (sizes[last] as number)

  let result = draw(sizes, given, device, whole)
  // From 1 on, so that a wrong offset shows as well.
  if (spread) result = result.at('...', '1::2')
  else if (memory_format !== null) result = result.clone({ memory_format })
  if (given.exclude_zero) result.masked_fill_(result.eq(0), whole ? 1 : finfo(dtype).tiny)
  return whole ? result : result.requires_grad_(requires_grad)
}

function draw(sizes: number[], options: MakeTensorOptions, device: DeviceLike, whole: boolean): Tensor {
  const { dtype } = options
  const { low, high } = rangeOf(options, whole)
  if (whole) return aten.randint(low, high, sizes, { dtype, device })
  if (dtype.itemsize === 1) return uniform(aten.empty(sizes, { dtype: float32, device }), low, high).to(dtype)
  const result = aten.empty(sizes, { dtype, device })
  uniform(result.is_complex() ? aten.view_as_real(result) : result, low, high)
  return result
}

// Halved where the width of the range is beyond the dtype.
const uniform = (tensor: Tensor, low: number, high: number) =>
  high - low >= finfo(tensor.dtype).max
    ? tensor.uniform_(low / 2, high / 2).mul_(2)
    : tensor.uniform_(low, high)

function defaults(dtype: DType, whole: boolean): Range {
  if (dtype.name === 'bool') return { lowest: 0, highest: 2, low: 0, high: 2 }
  if (!whole) {
    const { min, max } = finfo(dtype)
    return { lowest: min, highest: max, low: -9, high: 9 }
  }
  const { min, max } = iinfo(dtype)
  const highest = dtype.name === 'int64' ? Number(max) : Number(BigInt(max) + 1n)
  return { lowest: Number(min), highest, low: -9, high: 10 }
}

function rangeOf(options: MakeTensorOptions, whole: boolean): { low: number; high: number } {
  const { lowest, highest, ...usual } = defaults(options.dtype, whole)
  const low = options.low ?? usual.low
  const high = options.high ?? usual.high
  if (Number.isNaN(low) || Number.isNaN(high)) {
    throw new ArgumentError(`\`low\` and \`high\` cannot be NaN, but got low=${low} and high=${high}`)
  }
  if (low > high || (low === high && (whole || options.dtype.itemsize === 1))) {
    throw new ArgumentError(`\`low\` must be less than \`high\`, but got ${low} >= ${high}`)
  }
  if (low !== high && (high < lowest || low >= highest)) {
    throw new ArgumentError(
      `The value interval specified by \`low\` and \`high\` is [${low}, ${high}), but ${options.dtype} only supports [${lowest}, ${highest})`,
    )
  }
  const clamp = (value: number) => Math.min(Math.max(value, lowest), highest)
  return whole
    ? { low: Math.ceil(clamp(low)), high: Math.ceil(clamp(high)) }
    : { low: clamp(low), high: clamp(high) }
}
