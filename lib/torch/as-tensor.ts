/** torch.as_tensor and torch.asarray: tensors of what there is already, without a copy where that can be. */

import { ArgumentError } from '../errors.js'
import { from_numpy } from './buffers.js'
import { dtypeOf, type TensorData, type TensorOptions, type TypedArray, tensor } from './creation.js'
import { type DType, resolveDType } from './dtype.js'
import { native } from './native.js'
import type { Tensor } from './tensor.js'

const isTensor = (value: unknown): value is Tensor => native.isTensor(value)

/** A tensor over memory that is there: the tensor itself, a typed array's elements; undefined for anything else. */
function alias(data: Tensor | TensorData): Tensor | undefined {
  if (isTensor(data)) return data
  // A tensor over an empty buffer would have nothing to share.
  return dtypeOf(data) !== undefined && (data as TypedArray).length > 0
    ? from_numpy(data as TypedArray)
    : undefined
}

function differs(found: Tensor, dtype: DType | undefined, device: TensorOptions['device']): boolean {
  if (dtype !== undefined && dtype !== found.dtype) return true
  // `cuda` is where a tensor on `cuda:0` is, which only LibTorch can tell.
  return device !== undefined && found.to(device) !== found
}

/**
 * torch.as_tensor: a tensor of `data`. A tensor that fits is returned itself and keeps its graph, a typed array shares its
 * memory; what has another dtype or device is converted, lists and numbers are read as by `torch.tensor`.
 */
export function as_tensor(
  data: Tensor | TensorData,
  { dtype, device }: Pick<TensorOptions, 'dtype' | 'device'> = {},
): Tensor {
  return alias(data)?.to({ dtype, device }) ?? tensor(data as TensorData, { dtype, device })
}

export interface AsarrayOptions extends TensorOptions {
  /** true: always copy; false: never, or throw; by default only where dtype or device demand it. */
  copy?: boolean | null
}

/**
 * torch.asarray: as `as_tensor`, with a say in whether memory is shared, and outside of the graph unless
 * `requires_grad`.
 *
 * @throws ArgumentError for `copy: false` where a copy is needed.
 */
export function asarray(obj: Tensor | TensorData, options: AsarrayOptions = {}): Tensor {
  const { device, copy = null, requires_grad = false } = options
  const dtype = options.dtype === undefined ? undefined : resolveDType(options.dtype)
  const found = alias(obj)
  if (copy === false && (found === undefined || differs(found, dtype, device))) {
    throw new ArgumentError('asarray cannot share the memory of what is given, and copy is false', {
      hint: 'leave copy out, or give a tensor or typed array of the dtype and device wanted',
    })
  }
  const result =
    found?.to({ dtype, device, copy: copy === true }) ?? tensor(obj as TensorData, { dtype, device })
  return !requires_grad && !result.is_leaf ? result.detach() : result.requires_grad_(requires_grad)
}
