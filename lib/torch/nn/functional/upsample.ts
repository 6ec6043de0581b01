/** torch.nn.functional: the older names of `interpolate`. */

import { type InterpolateOptions, interpolate } from '../../functions/interpolate.js'
import type { Tensor } from '../../tensor.js'
import { named, type Rest } from '../arguments.js'

type UpsampleOptions = Pick<InterpolateOptions, 'size' | 'scale_factor' | 'mode' | 'align_corners'>
type SizeOptions = Pick<InterpolateOptions, 'size' | 'scale_factor'>
const names = ['size', 'scale_factor', 'mode', 'align_corners'] as const
const sizeNames = ['size', 'scale_factor'] as const

/** torch.nn.functional.upsample: `interpolate`. */
export const upsample = (input: Tensor, ...rest: Rest<UpsampleOptions, [...typeof names]>): Tensor =>
  interpolate(input, named<UpsampleOptions>('upsample', rest, names))

/** torch.nn.functional.upsample_nearest */
export const upsample_nearest = (input: Tensor, ...rest: Rest<SizeOptions, [...typeof sizeNames]>): Tensor =>
  interpolate(input, { ...named<SizeOptions>('upsample_nearest', rest, sizeNames), mode: 'nearest' })

/** torch.nn.functional.upsample_bilinear: corners stay where they are. */
export const upsample_bilinear = (
  input: Tensor,
  ...rest: Rest<SizeOptions, [...typeof sizeNames]>
): Tensor => {
  const options = named<SizeOptions>('upsample_bilinear', rest, sizeNames)
  return interpolate(input, { ...options, mode: 'bilinear', align_corners: true })
}
