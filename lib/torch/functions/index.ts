/** Functions of `torch` that Python writes by hand, over operators. */

export { promote_types, result_type } from './dtypes.js'
export { einsum } from './einsum.js'
export { pca_lowrank, svd_lowrank } from './low-rank.js'
export { lu } from './lu.js'
export { split } from './methods.js'
export { norm } from './norm.js'
export { nonzero, unravel_index } from './positions.js'
export { cdist, tensordot } from './products.js'
export {
  atleast_1d,
  atleast_2d,
  atleast_3d,
  block_diag,
  broadcast_shapes,
  broadcast_tensors,
  cartesian_prod,
  chain_matmul,
  meshgrid,
} from './spread.js'
export { stft } from './stft.js'
export { typename } from './typename.js'
export { unique, unique_consecutive } from './unique.js'
