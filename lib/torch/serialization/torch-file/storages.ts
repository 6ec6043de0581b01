/** The numbers of a file's tensors: which bytes each storage has, and tensors laid over them. */

import type { FileHandle } from 'node:fs/promises'
import { endianness } from 'node:os'

import { CheckpointError } from '../../../errors.js'
import { Device, type DeviceLike } from '../../device.js'
import type { DType } from '../../dtype.js'
import { native } from '../../native.js'
import { operator } from '../../operators.js'
import type { Tensor } from '../../tensor.js'
import { memoryPieces, readInto, swapBytes } from '../file-bytes.js'
import type { TensorRef } from '../pickle/tensors.js'
import { StorageRef, StorageType, Tuple } from '../pickle/values.js'

const empty = operator<(size: number[], options: object) => Tensor>('aten::empty')
const viewAs = operator<(self: Tensor, dtype: DType) => Tensor>('aten::view')
const asStrided =
  operator<(self: Tensor, size: readonly number[], stride: readonly number[], offset: number) => Tensor>(
    'aten::as_strided',
  )
const emptyStrided =
  operator<(size: readonly number[], stride: readonly number[], options: object) => Tensor>(
    'aten::empty_strided',
  )
const conjugate = operator<(self: Tensor) => Tensor>('aten::_conj')
const negative = operator<(self: Tensor) => Tensor>('aten::_neg_view')

/** Bytes without a type may become elements of any: this is the widest. */
const widestElement = 16

/** Where the bytes of a storage lie. */
export interface Place {
  begin: number
  length: number
}

export interface FileBytes {
  path: string
  /** The whole file as uint8. */
  mapped: Tensor
  file: FileHandle
  bigEndian: boolean
  map_location?: DeviceLike
  /** Copy instead of map. */
  copy: boolean
}

/** What a file says of one storage. */
interface Known {
  /** The storage's own type: the width of its elements where bytes are turned round. */
  type: StorageType
  /** Bytes that references ask for. */
  needed: number
  location: string
  bytes?: Tensor
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

export class Storages {
  readonly #known = new Map<string, Known>()

  /**
   * The meaning of a persistent id: ('storage', class, key, device, elements) and in the old form of file a view (key,
   * first element, elements) of it. Undefined when it has the wrong form.
   */
  reference = (id: unknown): StorageRef | undefined => {
    if (!(id instanceof Tuple)) return undefined
    const [kind, type, key, location, elements, view] = id.items
    if (kind !== 'storage' || !(type instanceof StorageType) || !isCount(elements)) return undefined
    if (typeof key !== 'string' || typeof location !== 'string') return undefined
    const width = type.dtype?.itemsize ?? 1
    const whole = elements * width
    const part = view === undefined || view === null ? [0, elements] : viewOf(view)
    if (!Number.isSafeInteger(whole) || part === undefined) return undefined
    const [first, count] = part as [number, number]
    if (first + count > elements) return undefined
    const known = this.#known.get(key) ?? { type, needed: 0, location }
    this.#known.set(key, known)
    known.needed = Math.max(known.needed, whole)
    return new StorageRef(key, type, first * width, count * width, location)
  }

  /** Keys in the order of their first use, and the bytes and the class each needs. */
  get keys(): ReadonlyMap<string, Readonly<Known>> {
    return this.#known
  }

  /** Maps, or reads, what the references need. */
  async open(places: ReadonlyMap<string, Place>, source: FileBytes): Promise<void> {
    for (const [key, known] of this.#known) {
      const place = places.get(key)
      if (place === undefined) {
        throw new CheckpointError(`${source.path} has no data for the storage '${key}'`, {
          hint: 'the file is damaged: download or write it again',
        })
      }
      if (place.length < known.needed) {
        throw new CheckpointError(
          `${source.path}: the storage '${key}' needs ${known.needed} bytes, the file has ${place.length} for it`,
          { hint: 'the file may be cut off: download or write it again' },
        )
      }
      if (!isMeta(source.map_location)) known.bytes = await this.#bytes(key, known, place.begin, source)
    }
  }

  async #bytes(
    key: string,
    { type, needed, location }: Known,
    begin: number,
    source: FileBytes,
  ): Promise<Tensor> {
    const { mapped, file, path, bigEndian, copy } = source
    const width = type.dtype?.itemsize ?? widestElement
    const swap = bigEndian !== (endianness() === 'BE') && type.dtype?.itemsize !== 1
    if (swap && type.dtype === null) {
      throw new CheckpointError(`${path}: the storage '${key}' has another byte order and no type`)
    }
    // A mapping that is copied would be in memory twice.
    const read = copy || swap || begin % width !== 0
    const bytes = read ? empty([needed], { dtype: 'uint8' }) : native.storageOver(mapped, begin, needed)
    if (read) {
      let position = begin
      for (const memory of memoryPieces(bytes)) {
        await readInto(file, memory, position, path)
        if (swap && type.dtype) swapBytes(memory, type.dtype)
        position += memory.length
      }
    }
    const device = source.map_location === undefined ? savedDevice(location, path) : source.map_location
    return bytes.to(device)
  }

  /** @throws CheckpointError for a tensor that reaches out of its storage. */
  tensor(ref: TensorRef, path: string): Tensor {
    const { storage, dtype, offset, size, stride } = ref
    const refuse = (what: string): never => {
      throw new CheckpointError(
        `${path}: a tensor of shape (${size.join(', ')}) with strides (${stride.join(', ')}) ${what}`,
        { hint: 'the file is damaged: download or write it again' },
      )
    }
    const last = size.includes(0)
      ? offset
      : offset + size.reduce((sum, n, i) => sum + (n - 1) * (stride[i] as number), 1)
    const elements = Math.floor(storage.length / dtype.itemsize)
    if (!Number.isSafeInteger(last) || last > elements) {
      refuse(`at element ${offset} reaches out of its storage of ${elements} elements`)
    }
    if (!Number.isSafeInteger(size.reduce((product, n) => product * n, dtype.itemsize)))
      refuse('is too large')
    const bytes = this.#known.get(storage.key)?.bytes
    if (bytes === undefined) return emptyStrided(size, stride, { dtype, device: 'meta' })
    const own = storage.begin === 0 ? bytes : native.storageOver(bytes, storage.begin, storage.length)
    const typed = viewAs(own.narrow(0, 0, elements * dtype.itemsize), dtype)
    const strided = asStrided(typed, size, stride, offset)
    const conj = ref.conj ? conjugate(strided) : strided
    const tensor = ref.neg ? negative(conj) : conj
    return ref.requires_grad ? tensor.requires_grad_() : tensor
  }
}

/** Shapes without numbers. */
const isMeta = (device: DeviceLike | undefined) => device !== undefined && String(device) === 'meta'

function viewOf(view: unknown): [number, number] | undefined {
  if (!(view instanceof Tuple)) return undefined
  const [, first, count] = view.items
  return isCount(first) && isCount(count) ? [first, count] : undefined
}

/** The device that a tensor was saved on. */
function savedDevice(location: string, path: string): Device {
  if (location === 'cpu') return new Device('cpu')
  if (/^cuda(:\d+)?$/.test(location) && native.hasCuda()) return new Device(location)
  throw new CheckpointError(
    `${path} holds tensors of the device '${location.slice(0, 50)}', which is not here`,
    {
      hint: "pass { map_location: 'cpu' }",
    },
  )
}
