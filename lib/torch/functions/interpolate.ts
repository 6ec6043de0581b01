/** torch.nn.functional.interpolate, after torch/nn/functional.py. */

import { ArgumentError, ShapeError } from '../../errors.js'
import { named, type Rest } from '../nn/arguments.js'
import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'

export type InterpolationMode =
  | 'nearest'
  | 'nearest-exact'
  | 'linear'
  | 'bilinear'
  | 'bicubic'
  | 'trilinear'
  | 'area'
  | 'lanczos'

export interface InterpolateOptions {
  /** Output sizes of the spatial dimensions, one number for all. */
  size?: number | readonly number[] | null
  /** Or how many times larger they become. */
  scale_factor?: number | readonly number[] | null
  /** Default 'nearest'. */
  mode?: InterpolationMode
  /** Whether the corners' centres stay where they are; only for linear and cubic modes. Default false. */
  align_corners?: boolean | null
  /** Whether the factor is computed again from the rounded output size. */
  recompute_scale_factor?: boolean | null
  /** Smooths before it makes smaller; only with bilinear, bicubic and lanczos. */
  antialias?: boolean
}

const names = [
  'size',
  'scale_factor',
  'mode',
  'align_corners',
  'recompute_scale_factor',
  'antialias',
] as const

// By mode: operators for inputs of 3, 4 and 5 dimensions. All but nearest and area take align_corners.
const operators: Record<string, readonly (string | null)[]> = {
  nearest: ['upsample_nearest1d.vec', 'upsample_nearest2d.vec', 'upsample_nearest3d.vec'],
  'nearest-exact': [
    '_upsample_nearest_exact1d.vec',
    '_upsample_nearest_exact2d.vec',
    '_upsample_nearest_exact3d.vec',
  ],
  area: ['adaptive_avg_pool1d', 'adaptive_avg_pool2d', 'adaptive_avg_pool3d'],
  linear: ['upsample_linear1d.vec', null, null],
  bilinear: [null, 'upsample_bilinear2d.vec', null],
  bicubic: [null, 'upsample_bicubic2d.vec', null],
  trilinear: [null, null, 'upsample_trilinear3d.vec'],
}
const antialiased: Record<string, string> = {
  bilinear: '_upsample_bilinear2d_aa.vec',
  bicubic: '_upsample_bicubic2d_aa.vec',
  lanczos: '_upsample_lanczos2d_aa.vec',
}

/**
 * torch.nn.functional.interpolate: (N, C, …spatial) to another spatial size.
 *
 * @throws ArgumentError for options that contradict each other, ShapeError for a mode that does not fit the dimensions.
 */
export function interpolate(input: Tensor, ...rest: Rest<InterpolateOptions, [...typeof names]>): Tensor {
  const options = named<InterpolateOptions>('interpolate()', rest, names)
  const { mode = 'nearest', align_corners = null, antialias = false } = options
  const cornerless = mode === 'nearest' || mode === 'nearest-exact' || mode === 'area'
  if (cornerless && align_corners !== null) {
    throw new ArgumentError(`interpolate: align_corners has no meaning in mode '${mode}'`, {
      hint: "it belongs to 'linear', 'bilinear', 'bicubic' and 'trilinear'",
    })
  }
  const { size, factors } = target(input, options, mode)
  const call = operator<(...args: unknown[]) => Tensor>(`aten::${operatorFor(input, mode, antialias)}`)
  if (mode === 'area') return call(input, size)
  return cornerless ? call(input, size, factors) : call(input, size, align_corners ?? false, factors)
}

function target(input: Tensor, options: InterpolateOptions, mode: InterpolationMode) {
  const { size = null, scale_factor = null, recompute_scale_factor } = options
  const spatial = input.dim() - 2
  if ((size === null) === (scale_factor === null)) {
    throw new ArgumentError('interpolate takes either size or scale_factor', {
      hint: 'give exactly one of the two',
    })
  }
  if (size !== null) {
    if (recompute_scale_factor) {
      throw new ArgumentError('interpolate: recompute_scale_factor has no meaning beside size')
    }
    const sizes = perDimension(size, spatial, 'size')
    const fraction = sizes.find((value) => !Number.isInteger(value))
    if (fraction !== undefined) throw new ArgumentError(`interpolate: size ${fraction} is no whole number`)
    return { size: sizes, factors: null }
  }
  const factors = perDimension(scale_factor as number | readonly number[], spatial, 'scale_factor')
  if (!recompute_scale_factor && mode !== 'area') return { size: null, factors }
  return { size: factors.map((factor, i) => Math.trunc(input.size(i + 2) * factor)), factors: null }
}

function perDimension(value: number | readonly number[], spatial: number, what: string): readonly number[] {
  if (typeof value === 'number') return new Array<number>(spatial).fill(value)
  if (value.length === spatial) return value
  throw new ShapeError(
    `interpolate: ${what} has ${value.length} numbers, but the input has ${spatial} spatial dimensions`,
    { hint: 'the input is (N, C, d1, …, dK) with K numbers' },
  )
}

function operatorFor(input: Tensor, mode: InterpolationMode, antialias: boolean): string {
  if (antialias || mode === 'lanczos') {
    const name = antialiased[mode]
    if (name !== undefined && antialias && input.dim() === 4) return name
    throw new ArgumentError(
      `interpolate: antialias belongs to bilinear, bicubic and lanczos on 4-D input, not to '${mode}' on ${input.dim()}-D`,
    )
  }
  const name = operators[mode]?.[input.dim() - 3]
  if (name) return name
  throw new ShapeError(`interpolate: mode '${mode}' does not fit an input of ${input.dim()} dimensions`, {
    hint: 'linear takes 3-D, bilinear and bicubic 4-D, trilinear 5-D, nearest and area any of these',
  })
}
