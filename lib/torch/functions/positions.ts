/** torch.nonzero and torch.unravel_index: positions of elements. */

import { ArgumentError, DTypeError } from '../../errors.js'
import { tensor } from '../creation.js'
import { bool, int64 } from '../dtype.js'
import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'

const positions = operator<(self: Tensor, options: { out?: Tensor }) => Tensor>('aten::nonzero')
const positionsByDimension = operator<(self: Tensor) => Tensor[]>('aten::nonzero_numpy')

/** torch.nonzero: positions of what is not zero, (count, dimensions); `as_tuple` gives one tensor by dimension. */
export function nonzero(input: Tensor, options: { as_tuple: true }): Tensor[]
export function nonzero(input: Tensor, options?: { as_tuple?: false; out?: Tensor }): Tensor
export function nonzero(
  input: Tensor,
  { as_tuple = false, ...rest }: { as_tuple?: boolean; out?: Tensor } = {},
): Tensor | Tensor[] {
  return as_tuple ? positionsByDimension(input) : positions(input, rest)
}

/**
 * torch.unravel_index: from positions in the flattened array to coordinates, one tensor by dimension.
 *
 * @throws DTypeError for indices that are no integers, ArgumentError for a negative size.
 */
export function unravel_index(indices: Tensor, shape: number | readonly number[]): Tensor[] {
  const { dtype, device } = indices
  if (dtype.is_floating_point || dtype === bool || dtype.name.startsWith('complex')) {
    throw new DTypeError(`unravel_index takes integer indices, not ${dtype}`)
  }
  const sizes = typeof shape === 'number' ? [shape] : shape
  if (!Array.isArray(sizes) || sizes.some((size) => !Number.isInteger(size) || size < 0)) {
    throw new ArgumentError(`unravel_index takes a shape of sizes from 0 on, not ${String(shape)}`)
  }
  const strides = sizes.map((_, i) => sizes.slice(i + 1).reduce((product, size) => product * size, 1))
  const options = { dtype: int64, device }
  const steps = indices.unsqueeze(-1).floor_divide(tensor(strides, options))
  return steps.remainder(tensor(sizes, options)).unbind(-1)
}
