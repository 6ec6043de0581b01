/** torch.svd_lowrank and torch.pca_lowrank, after torch/_lowrank.py: the largest singular values by random projections. */

import { ArgumentError } from '../../errors.js'
import { linalg } from '../linalg.js'
import { named, type Rest } from '../nn/arguments.js'
import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'

const randn = operator<(size: number[], options: object) => Tensor>('aten::randn')

export interface SvdLowrankOptions {
  /** How many singular values, a few more than the rank expected. Default 6. */
  q?: number | null
  /** Iterations of the subspace method. Default 2. */
  niter?: number | null
  /** Taken off from `A` before, of a shape that broadcasts to it. */
  M?: Tensor | null
}

/** Orthonormal columns Q (…, m, q) whose span is close to that of A - M (…, m, n). */
function approximateBasis(A: Tensor, q: number, niter: number, M: Tensor | null): Tensor {
  const apply = (x: Tensor) => (M === null ? A.matmul(x) : A.matmul(x).sub(M.matmul(x)))
  const applyAdjoint = (x: Tensor) => (M === null ? A.mH.matmul(x) : A.mH.matmul(x).sub(M.mH.matmul(x)))
  const { dtype, device } = A
  let [Q] = linalg.qr(apply(randn([A.shape.at(-1) as number, q], { dtype, device })))
  for (let i = 0; i < niter; i++) {
    ;[Q] = linalg.qr(applyAdjoint(Q))
    ;[Q] = linalg.qr(apply(Q))
  }
  return Q
}

/**
 * torch.svd_lowrank: U (…, m, q), S (…, q) and V (…, n, q) with `A - M` close to U diag(S) Vᴴ. The projections are random:
 * equal seeds give equal results.
 */
export function svd_lowrank(
  A: Tensor,
  ...rest: Rest<SvdLowrankOptions, ['q', 'niter', 'M']>
): [U: Tensor, S: Tensor, V: Tensor] {
  const options = named<SvdLowrankOptions>('svd_lowrank()', rest, ['q', 'niter', 'M'])
  const M = options.M?.broadcast_to(A.shape) ?? null
  const [rows, columns] = A.shape.slice(-2) as [number, number]
  const wide = rows < columns
  const tall = wide ? A.mH : A
  const offset = wide && M !== null ? M.mH : M
  const Q = approximateBasis(tall, options.q ?? 6, options.niter ?? 2, offset)
  const product = Q.mH.matmul(tall)
  const [small, S, Vh] = linalg.svd(offset === null ? product : product.sub(Q.mH.matmul(offset)), false)
  const U = Q.matmul(small)
  return wide ? [Vh.mH, S, U] : [U, S, Vh.mH]
}

export interface PcaLowrankOptions {
  /** How many components, at most the smaller side of `A`. Default 6. */
  q?: number | null
  /** Whether the mean of the rows is taken off first. Default true. */
  center?: boolean
  /** Iterations of the subspace method. Default 2. */
  niter?: number
}

/**
 * torch.pca_lowrank: principal components of the rows of a dense `A` (…, m, n), as `svd_lowrank` of the centred rows.
 *
 * @throws ArgumentError for a q beyond the smaller side of `A`, a negative niter, a sparse `A`.
 */
export function pca_lowrank(
  A: Tensor,
  ...rest: Rest<PcaLowrankOptions, ['q', 'center', 'niter']>
): [U: Tensor, S: Tensor, V: Tensor] {
  const options = named<PcaLowrankOptions>('pca_lowrank()', rest, ['q', 'center', 'niter'])
  const { center = true, niter = 2 } = options
  const side = Math.min(...A.shape.slice(-2))
  const q = options.q ?? Math.min(6, side)
  if (!(q >= 0 && q <= side)) {
    throw new ArgumentError(
      `pca_lowrank: q is ${q}, it must lie in 0..${side}, the smaller side of the matrix`,
    )
  }
  if (!(niter >= 0)) throw new ArgumentError(`pca_lowrank: niter is ${niter}, it must not be negative`)
  if (A.layout !== 'torch.strided') {
    throw new ArgumentError(`pca_lowrank takes a dense tensor, not ${A.layout}`, { hint: 'use A.to_dense()' })
  }
  return svd_lowrank(center ? A.sub(A.mean([-2], true)) : A, { q, niter })
}
