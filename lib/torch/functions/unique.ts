/** torch.unique and torch.unique_consecutive */

import { named, type Rest } from '../nn/arguments.js'
import { aten } from '../nn/aten.js'
import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'

export interface UniqueConsecutiveOptions {
  /** Also where each element of the input went. */
  return_inverse?: boolean
  /** Also how often each value occurs. */
  return_counts?: boolean
  /** Compare slices along this dimension; null compares all elements. */
  dim?: number | null
}

export interface UniqueOptions extends UniqueConsecutiveOptions {
  /** On the CPU values come sorted either way. */
  sorted?: boolean
}

type Flagged<O> = O extends { return_inverse: true; return_counts: true }
  ? [output: Tensor, inverse_indices: Tensor, counts: Tensor]
  : O extends { return_inverse: true }
    ? [output: Tensor, inverse_indices: Tensor]
    : O extends { return_counts: true }
      ? [output: Tensor, counts: Tensor]
      : Tensor

const unique2 = operator<(self: Tensor, options: object) => [Tensor, Tensor, Tensor]>('aten::_unique2')

/**
 * torch.unique: the distinct values, with the inverse indices and the counts if asked for.
 *
 * `unique(input)` is a tensor; with `return_inverse` or `return_counts` a list of two or three.
 */
export function unique(input: Tensor): Tensor
export function unique<const O extends UniqueOptions>(input: Tensor, options: O): Flagged<O>
export function unique(
  input: Tensor,
  ...rest: Rest<UniqueOptions, ['sorted', 'return_inverse', 'return_counts', 'dim']>
): Tensor | Tensor[]
export function unique(input: Tensor, ...rest: unknown[]): Tensor | Tensor[] {
  const names = ['sorted', 'return_inverse', 'return_counts', 'dim'] as const
  const options = named<UniqueOptions>('unique()', rest, names)
  const { dim, sorted = true, return_inverse = false, return_counts = false } = options
  const flags = { sorted, return_inverse, return_counts }
  return chosen(typeof dim === 'number' ? aten.unique_dim(input, dim, flags) : unique2(input, flags), flags)
}

/** torch.unique_consecutive: as `unique`, but only neighbours that are equal become one. */
export function unique_consecutive(input: Tensor): Tensor
export function unique_consecutive<const O extends UniqueConsecutiveOptions>(
  input: Tensor,
  options: O,
): Flagged<O>
export function unique_consecutive(
  input: Tensor,
  ...rest: Rest<UniqueConsecutiveOptions, ['return_inverse', 'return_counts', 'dim']>
): Tensor | Tensor[]
export function unique_consecutive(input: Tensor, ...rest: unknown[]): Tensor | Tensor[] {
  const names = ['return_inverse', 'return_counts', 'dim'] as const
  const options = named<UniqueConsecutiveOptions>('unique_consecutive()', rest, names)
  const { dim = null, return_inverse = false, return_counts = false } = options
  const flags = { return_inverse, return_counts }
  return chosen(consecutive(input, { ...flags, dim }), flags)
}

const consecutive =
  operator<(self: Tensor, options: object) => [Tensor, Tensor, Tensor]>('aten::unique_consecutive')

function chosen(
  [output, inverse, counts]: readonly [Tensor, Tensor, Tensor],
  { return_inverse, return_counts }: { return_inverse: boolean; return_counts: boolean },
): Tensor | Tensor[] {
  if (!return_inverse && !return_counts) return output
  return [output, ...(return_inverse ? [inverse] : []), ...(return_counts ? [counts] : [])]
}
