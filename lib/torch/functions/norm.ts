/** torch.norm, after torch/functional.py. */

import type { DTypeLike } from '../dtype.js'
import { named, type Rest } from '../nn/arguments.js'
import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'

export interface NormOptions {
  /** Order: a number (±Infinity too), 'fro' (default) or 'nuc'. */
  p?: number | 'fro' | 'nuc' | null
  /** Dimensions to reduce; null takes all. */
  dim?: number | readonly number[] | null
  keepdim?: boolean
  out?: Tensor
  /** Computes and returns in that dtype. */
  dtype?: DTypeLike | null
}

type Reduce = (
  self: Tensor,
  ord: number | string,
  dim: readonly number[] | null,
  ...rest: unknown[]
) => Tensor
const vectorNorm = operator<Reduce>('aten::linalg_vector_norm')
const matrixNorm = operator<Reduce>('aten::linalg_matrix_norm')

/** torch.norm: `norm(x)`, `norm(x, 1, 0)`, `norm(x, { p: 'nuc', dim: [0, 1], keepdim: true })`. */
export function norm(
  input: Tensor,
  ...rest: Rest<NormOptions, ['p', 'dim', 'keepdim', 'out', 'dtype']>
): Tensor {
  const options = named<NormOptions>('norm()', rest, ['p', 'dim', 'keepdim', 'out', 'dtype'])
  const { p = 'fro', dim = null, keepdim = false, out, dtype = null } = options
  const dims = typeof dim === 'number' ? [dim] : dim
  const keywords = out === undefined ? { dtype } : { dtype, out }
  // The Frobenius norm of one or two dimensions, or of all, is the vector norm; what is left has matrices.
  if (typeof p !== 'string' || (p === 'fro' && (dims === null || dims.length <= 2))) {
    return vectorNorm(input, p === null || p === 'fro' ? 2 : p, dims, keepdim, keywords)
  }
  return matrixNorm(input, p, dims ?? input.shape.map((_, i) => i), keepdim, keywords)
}
