/** The dtype that a model is loaded in. */

import { type DType, type DTypeLike, float32, resolveDType } from '../../torch/dtype.js'
import type { Weights } from './state-dict.js'

/**
 * transformers `dtype`: one that is given; for 'auto' the configuration's (`dtype`, or `torch_dtype` of older files), or
 * the first floating one of the weights; by default float32, whatever the file holds.
 *
 * @throws DTypeError for a name that is no dtype.
 */
export function loadedDType(dtype: DTypeLike | 'auto' | undefined, config: object, weights: Weights): DType {
  if (dtype === undefined) return float32
  if (dtype !== 'auto') return resolveDType(dtype)
  const written = Reflect.get(config, 'dtype') ?? Reflect.get(config, 'torch_dtype')
  if (typeof written === 'string') return resolveDType(written)
  return [...weights.values()].find((tensor) => tensor.is_floating_point())?.dtype ?? float32
}
