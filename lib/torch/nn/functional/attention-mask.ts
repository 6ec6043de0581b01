/** Masks of attention: true means "do not look", numbers are added to the scores. */

import { DTypeError, ShapeError } from '../../../errors.js'
import { bool, type DType } from '../../dtype.js'
import type { Tensor } from '../../tensor.js'
import { aten } from '../aten.js'

/** A mask as numbers to add: -Infinity where a boolean mask says true. */
export function canonicalMask(mask: Tensor | null, name: string, dtype: DType): Tensor | null {
  if (mask === null || mask.is_floating_point()) return mask
  if (mask.dtype !== bool) throw new DTypeError(`${name} must be bool or floating, found ${mask.dtype}`)
  return aten.zeros_like(mask, { dtype }).masked_fill_(mask, -Infinity)
}

/** (L, S) or (N * heads, L, S) as three dimensions. */
export function expandMask(mask: Tensor, batchHeads: number, length: number, sources: number): Tensor {
  const expected = mask.ndim === 2 ? [length, sources] : [batchHeads, length, sources]
  if (String(mask.shape) !== String(expected)) {
    throw new ShapeError(
      `attn_mask is (${mask.shape}), it must be (${length}, ${sources}) or (${batchHeads}, ${length}, ${sources})`,
    )
  }
  return mask.ndim === 2 ? mask.unsqueeze(0) : mask
}
