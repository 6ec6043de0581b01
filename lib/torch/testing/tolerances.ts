/** How far apart two values may be: torch.testing's defaults by dtype. */

import { ArgumentError } from '../../errors.js'
import { bfloat16, complex64, complex128, type DType, float16, float32, float64 } from '../dtype.js'

/** Allowed: `|actual - expected| <= atol + rtol * |expected|`. */
export interface Tolerances {
  rtol: number
  atol: number
}

const precisions = new Map<DType, Tolerances>([
  [float16, { rtol: 0.001, atol: 1e-5 }],
  [bfloat16, { rtol: 0.016, atol: 1e-5 }],
  [float32, { rtol: 1.3e-6, atol: 1e-5 }],
  [float64, { rtol: 1e-7, atol: 1e-7 }],
  [complex64, { rtol: 1.3e-6, atol: 1e-5 }],
  [complex128, { rtol: 1e-7, atol: 1e-7 }],
])

/**
 * The given pair, or the loosest defaults of the dtypes (0 for whole numbers and bool).
 *
 * @throws ArgumentError when only one of the two is given.
 */
export function tolerancesOf(dtypes: readonly DType[], given: Partial<Tolerances>): Tolerances {
  const { rtol, atol } = given
  if (rtol !== undefined && atol !== undefined) return { rtol, atol }
  if (rtol !== undefined || atol !== undefined) {
    const missing = rtol === undefined ? 'rtol' : 'atol'
    throw new ArgumentError(
      `Both 'rtol' and 'atol' must be either specified or omitted, but got no ${missing}.`,
    )
  }
  const defaults = dtypes.map((dtype) => precisions.get(dtype) ?? { rtol: 0, atol: 0 })
  return {
    rtol: Math.max(...defaults.map((each) => each.rtol)),
    atol: Math.max(...defaults.map((each) => each.atol)),
  }
}
