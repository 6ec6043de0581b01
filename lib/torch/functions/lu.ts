/** torch.lu */

import { named, type Rest } from '../nn/arguments.js'
import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'

export interface LuOptions {
  /** Whether rows are exchanged. Default true; false only on CUDA. */
  pivot?: boolean
  /** Also returns what went wrong by matrix, instead of throwing. */
  get_infos?: boolean
}

const luWithInfo =
  operator<(self: Tensor, pivot: boolean, check: boolean) => [Tensor, Tensor, Tensor]>('aten::_lu_with_info')

/** torch.lu: the compact factors and the pivots of (…, M, N); older than `torch.linalg.lu_factor`. */
export function lu(A: Tensor, ...rest: Rest<LuOptions, ['pivot', 'get_infos']>): Tensor[] {
  const { pivot = true, get_infos = false } = named<LuOptions>('lu()', rest, ['pivot', 'get_infos'])
  const [factors, pivots, infos] = luWithInfo(A, pivot, !get_infos)
  return get_infos ? [factors, pivots, infos] : [factors, pivots]
}
