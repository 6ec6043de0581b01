/** Python's objects of a pickle as JavaScript's. */

import { CheckpointError } from '../../../errors.js'
import type { Device } from '../../device.js'
import type { DType } from '../../dtype.js'
import { native } from '../../native.js'
import { Parameter } from '../../nn/parameter.js'
import type { Tensor } from '../../tensor.js'
import { swapBytes } from '../file-bytes.js'
import { NumpyArray, NumpyDType } from './numpy.js'
import { ParameterRef, TensorRef } from './tensors.js'
import { Callable, Dict, Namespace, StorageRef, StorageType, Tuple } from './values.js'

/** What `torch.load` gives. */
export type Loaded =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Tensor
  | DType
  | Device
  | Loaded[]
  | Set<Loaded>
  | Map<Loaded, Loaded>
  | { [key: string]: Loaded }

// Python's own limit of recursion when it writes a pickle.
const depthLimit = 1000

const isIndex = (key: unknown) =>
  typeof key === 'number' ? Number.isSafeInteger(key) && key >= 0 : /^(0|[1-9]\d*)$/.test(String(key))

/**
 * A dict as an object: its keys are all text, or all whole numbers from 0 up, as the state of an optimizer has. Others
 * need a Map, among them digits in text: an object would give them another order and lose what they were.
 */
function fitsObject(keys: readonly unknown[]): boolean {
  return (
    keys.every((key) => typeof key === 'string' && key !== '__proto__' && !isIndex(key)) ||
    keys.every((key) => typeof key === 'number' && isIndex(key))
  )
}

export class PlainValues {
  readonly #made = new Map<unknown, Loaded>()
  readonly #tensor: (ref: TensorRef) => Tensor
  readonly #path: string

  constructor(tensor: (ref: TensorRef) => Tensor, path: string) {
    this.#tensor = tensor
    this.#path = path
  }

  /** The same object of the file gives the same object here. */
  of(value: unknown, depth = 0): Loaded {
    if (typeof value !== 'object' || value === null) return value as Loaded
    const known = this.#made.get(value)
    if (known !== undefined) return known
    if (depth > depthLimit) {
      throw new CheckpointError(`${this.#path} nests objects more than ${depthLimit} deep`)
    }
    if (value instanceof TensorRef) return this.#keep(value, this.#tensor(value))
    if (value instanceof ParameterRef) {
      return this.#keep(value, Parameter(this.of(value.data) as Tensor, value.requires_grad))
    }
    if (value instanceof Tuple || Array.isArray(value)) return this.#list(value, depth)
    if (value instanceof Set) return this.#set(value, depth)
    if (value instanceof Dict) return this.#dict(value, depth)
    if (value instanceof Namespace) return this.#keep(value, this.of(value.attributes, depth))
    if (value instanceof NumpyArray) return this.#keep(value, arrayToTensor(value))
    if (value instanceof NumpyDType) return value.dtype
    if (value instanceof Callable || value instanceof StorageType || value instanceof StorageRef) {
      throw new CheckpointError(`${this.#path} holds a class or a storage without its tensor`, {
        hint: 'save tensors: torch.save(model.state_dict(), …)',
      })
    }
    return value as Loaded // bytes, dtypes, devices, complex numbers
  }

  #keep<T extends Loaded>(source: unknown, made: T): T {
    this.#made.set(source, made)
    return made
  }

  #list(source: Tuple | unknown[], depth: number): Loaded[] {
    const items = source instanceof Tuple ? source.items : source
    const made: Loaded[] = this.#keep(source, [])
    for (const item of items) made.push(this.of(item, depth + 1))
    return made
  }

  #set(source: Set<unknown>, depth: number): Set<Loaded> {
    const made = this.#keep(source, new Set<Loaded>())
    for (const item of source) made.add(this.of(item, depth + 1))
    return made
  }

  #dict(source: Dict, depth: number): Loaded {
    const { entries } = source
    if (fitsObject([...entries.keys()])) {
      const made: { [key: string]: Loaded } = this.#keep(source, {})
      for (const [key, value] of entries) made[String(key)] = this.of(value, depth + 1)
      return made
    }
    const made = this.#keep(source, new Map<Loaded, Loaded>())
    for (const [key, value] of entries) made.set(this.of(key, depth + 1), this.of(value, depth + 1))
    return made
  }
}

function arrayToTensor({ data, shape, dtype, fortran }: NumpyArray): Tensor {
  const bytes = Buffer.from(data)
  if (dtype.bigEndian) swapBytes(bytes, dtype.dtype)
  const tensor = native.fromBytes(bytes, fortran ? shape.toReversed() : shape, dtype.dtype)
  return fortran ? tensor.permute(shape.map((_, i) => shape.length - 1 - i)) : tensor
}
