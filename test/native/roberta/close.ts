/** Comparison of tensors within a tolerance. */

import { expect } from 'vitest'

import type { Tensor } from '../../../lib/torch/tensor.js'

/** The largest absolute difference; NaN when either holds a NaN, so that no limit lets it pass. */
export function maxDifference(actual: Tensor, expected: Tensor): number {
  expect(actual.shape).toEqual(expected.shape)
  return actual.detach().sub(expected).abs().max().item()
}

/** Expects every element within `tolerance` of the reference. */
export function expectClose(actual: Tensor, expected: Tensor, tolerance: number, what: string): void {
  expect(maxDifference(actual, expected), `largest difference of ${what}`).toBeLessThanOrEqual(tolerance)
}

/** `tensor` with 0 in the rows of padding; `batch` and `tokens` are its dimensions of the mask's (batch, tokens). */
export function zeroPadding(tensor: Tensor, mask: Tensor | undefined, batch: number, tokens: number): Tensor {
  if (mask === undefined) return tensor
  const shape = tensor.shape.map((size, i) => (i === batch || i === tokens ? size : 1))
  return tensor.mul(mask.reshape(shape))
}
