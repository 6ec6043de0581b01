/** Tensors of a pickle: their shape first, their numbers later, as the old form of file has them behind the pickle. */

import { DType } from '../../dtype.js'
import { Callable, Dict, Instance, StorageRef, Tuple } from './values.js'

/** A tensor that is still to be laid over its storage. */
export class TensorRef extends Instance {
  constructor(
    readonly storage: StorageRef,
    readonly dtype: DType,
    /** Elements from the begin of the storage. */
    readonly offset: number,
    readonly size: readonly number[],
    readonly stride: readonly number[],
    readonly requires_grad: boolean,
    readonly conj: boolean,
    readonly neg: boolean,
  ) {
    super()
  }

  // Attributes that Python code hung onto the tensor.
  build(state: unknown): true | undefined {
    return state instanceof Dict ? true : undefined
  }
}

/** torch.nn.Parameter around a tensor. */
export class ParameterRef extends Instance {
  constructor(
    readonly data: TensorRef,
    readonly requires_grad: boolean,
  ) {
    super()
  }

  build(state: unknown): true | undefined {
    return state instanceof Dict ? true : undefined
  }
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

/** Sizes or strides; LibTorch has at most 64 dimensions in any form that can be printed. */
function counts(value: unknown): number[] | undefined {
  if (!(value instanceof Tuple) || value.items.length > 64 || !value.items.every(isCount)) return undefined
  return [...value.items] as number[]
}

function make(
  [storage, offset, size, stride, requires_grad]: readonly unknown[],
  dtype: unknown,
  metadata: unknown,
): TensorRef | undefined {
  const sizes = counts(size)
  const strides = counts(stride)
  if (!(storage instanceof StorageRef && dtype instanceof DType) || !isCount(offset)) return undefined
  if (!sizes || sizes.length !== strides?.length) return undefined
  const flag = (name: string) => metadata instanceof Dict && metadata.entries.get(name) === true
  return new TensorRef(
    storage,
    dtype,
    offset,
    sizes,
    strides,
    requires_grad === true,
    flag('conj'),
    flag('neg'),
  )
}

const typeOf = (storage: unknown) => (storage instanceof StorageRef ? storage.type.dtype : null)

const parameter = ([data, requires_grad]: readonly unknown[]) =>
  data instanceof TensorRef ? new ParameterRef(data, requires_grad === true) : undefined

const rebuilt = (name: string, call: (args: readonly unknown[]) => unknown, module = 'torch._utils') =>
  new Callable(`${module}.${name}`, call)

/** The functions that tensors are pickled with, of torch._utils and torch._tensor. */
export const tensorFunctions: readonly Callable[] = [
  rebuilt('_rebuild_tensor', (args) => make(args, typeOf(args[0]), null)),
  rebuilt('_rebuild_tensor_v2', (args) => make(args, typeOf(args[0]), args[6])),
  rebuilt('_rebuild_tensor_v3', (args) => make(args, args[6], args[7])),
  rebuilt('_rebuild_parameter', parameter),
  rebuilt('_rebuild_parameter_with_state', parameter),
  // (function, class, arguments, attributes) of a tensor with attributes; the class is torch's own.
  rebuilt(
    '_rebuild_from_type_v2',
    ([rebuild, type, args]) =>
      rebuild instanceof Callable &&
      tensorFunctions.includes(rebuild) &&
      type instanceof Callable &&
      args instanceof Tuple
        ? rebuild.call(args.items)
        : undefined,
    'torch._tensor',
  ),
  new Callable('torch.nn.parameter.Parameter', parameter, true),
  new Callable('torch.Tensor', () => undefined),
]
