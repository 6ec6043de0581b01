/** Writes plain data as a pickle of protocol 2, the one that `torch.save` writes and `weights_only=True` reads. */

import { ArgumentError } from '../../../errors.js'
import { Device } from '../../device.js'
import { DType } from '../../dtype.js'
import { op } from './opcodes.js'

// Python's own limit of recursion.
const depthLimit = 1000
/** Pieces are joined when they reach this size: one array of all small ones would take many times their bytes. */
const chunkBytes = 1 << 16

/** A name of a Python module. */
export class GlobalName {
  constructor(
    readonly module: string,
    readonly name: string,
  ) {}
}

/** A call that the reader makes: `callee(*args)`. */
export class Reduced {
  constructor(
    readonly callee: GlobalName,
    readonly args: readonly unknown[],
  ) {}
}

/** A tuple; JavaScript's arrays are written as lists. */
export class TupleOf {
  constructor(readonly items: readonly unknown[]) {}
}

/** What stands outside the pickle. */
export class PersistentId {
  constructor(readonly id: TupleOf) {}
}

/** Replaces an object by what stands for it; undefined for those that the pickler knows. */
export type Replace = (value: object) => Reduced | undefined

const orderedDict = new GlobalName('collections', 'OrderedDict')
/** `OrderedDict()`: the place of a tensor's hooks, one for each. */
export const noHooks = () => new Reduced(orderedDict, [])

export class Pickler {
  readonly #chunks: Buffer[] = []
  #chunk = Buffer.alloc(chunkBytes)
  #used = 0
  readonly #memo = new Map<unknown, number>()
  readonly #replace: Replace

  constructor(replace: Replace) {
    this.#replace = replace
  }

  /** @throws ArgumentError for what Python has no data type for (functions, objects of classes). */
  dump(value: unknown): Buffer {
    this.#bytes([op.PROTO, 2])
    this.#value(value, 0)
    this.#bytes([op.STOP])
    return Buffer.concat([...this.#chunks, this.#chunk.subarray(0, this.#used)])
  }

  #bytes(bytes: ArrayLike<number>): void {
    if (this.#used + bytes.length > this.#chunk.length) {
      this.#chunks.push(this.#chunk.subarray(0, this.#used))
      this.#chunk = Buffer.alloc(Math.max(chunkBytes, bytes.length))
      this.#used = 0
    }
    this.#chunk.set(bytes, this.#used)
    this.#used += bytes.length
  }

  #code(code: number, size: number, write: (bytes: Buffer) => void): void {
    const bytes = Buffer.alloc(1 + size)
    bytes[0] = code
    write(bytes)
    this.#bytes(bytes)
  }

  #value(value: unknown, depth: number): void {
    if (depth > depthLimit)
      throw new ArgumentError(`torch.save takes objects nested up to ${depthLimit} deep`)
    if (value === null || value === undefined) this.#bytes([op.NONE])
    else if (typeof value === 'boolean') this.#bytes([value ? op.NEWTRUE : op.NEWFALSE])
    else if (typeof value === 'number') this.#number(value)
    else if (typeof value === 'bigint') this.#long(value)
    else if (typeof value === 'string') this.#once(value, () => this.#text(value))
    else if (typeof value === 'object') this.#object(value, depth)
    else throw new ArgumentError(`torch.save cannot write a ${typeof value}`, { hint: 'save plain data' })
  }

  #object(value: object, depth: number): void {
    if (value instanceof TupleOf) this.#tuple(value.items, depth)
    else if (value instanceof PersistentId) {
      this.#value(value.id, depth)
      this.#bytes([op.BINPERSID])
    } else this.#once(value, (remember) => this.#fresh(value, depth, remember))
  }

  /** An object that has not been written yet. `remember` is called as soon as it can be referred to. */
  #fresh(value: object, depth: number, remember: () => void): void {
    const other = value instanceof Reduced ? value : (this.#replace(value) ?? knownObject(value))
    if (other) {
      this.#value(other.callee, depth)
      this.#tuple(other.args, depth + 1)
      this.#bytes([op.REDUCE])
    } else if (value instanceof GlobalName) this.#global(value)
    else if (value instanceof DType) this.#global(new GlobalName('torch', value.name))
    else if (Array.isArray(value)) {
      this.#bytes([op.EMPTY_LIST])
      remember()
      this.#items(value, op.APPENDS, depth)
    } else {
      const entries = value instanceof Map ? [...value] : plainEntries(value)
      this.#bytes([op.EMPTY_DICT])
      remember()
      this.#items(
        entries.flatMap(([key, item]) => [hashable(key), item]),
        op.SETITEMS,
        depth,
      )
    }
  }

  #items(items: readonly unknown[], code: number, depth: number): void {
    if (items.length === 0) return
    this.#bytes([op.MARK])
    for (const item of items) this.#value(item, depth + 1)
    this.#bytes([code])
  }

  #tuple(items: readonly unknown[], depth: number): void {
    const short = [op.EMPTY_TUPLE, op.TUPLE1, op.TUPLE2, op.TUPLE3][items.length]
    if (short === undefined) this.#bytes([op.MARK])
    for (const item of items) this.#value(item, depth + 1)
    this.#bytes([short ?? op.TUPLE])
  }

  /** Written when it is met first, referred to afterwards: one object stays one object. */
  #once(value: unknown, write: (remember: () => void) => void): void {
    const known = this.#memo.get(value)
    if (known !== undefined) {
      this.#code(op.LONG_BINGET, 4, (bytes) => bytes.writeUInt32LE(known, 1))
      return
    }
    const remember = () => {
      if (this.#memo.has(value)) return
      const index = this.#memo.size
      this.#memo.set(value, index)
      this.#code(op.LONG_BINPUT, 4, (bytes) => bytes.writeUInt32LE(index, 1))
    }
    write(remember)
    remember()
  }

  #global({ module, name }: GlobalName): void {
    this.#bytes(Buffer.from(`c${module}\n${name}\n`, 'latin1'))
  }

  #text(text: string): void {
    const bytes = Buffer.from(text, 'utf8')
    this.#code(op.BINUNICODE, 4, (head) => head.writeUInt32LE(bytes.length, 1))
    this.#bytes(bytes)
  }

  #number(value: number): void {
    if (!Number.isInteger(value) || Object.is(value, -0) || !Number.isSafeInteger(value)) {
      this.#code(op.BINFLOAT, 8, (bytes) => bytes.writeDoubleBE(value, 1))
    } else if (value >= -(2 ** 31) && value < 2 ** 31) {
      this.#code(op.BININT, 4, (bytes) => bytes.writeInt32LE(value, 1))
    } else this.#long(BigInt(value))
  }

  #long(value: bigint): void {
    const size = Math.ceil(((value < 0n ? -value : value).toString(2).length + 1) / 8)
    if (size > 255) throw new ArgumentError('torch.save takes whole numbers of up to 255 bytes')
    const hex = BigInt.asUintN(size * 8, value)
      .toString(16)
      .padStart(size * 2, '0')
    this.#bytes([op.LONG1, size])
    this.#bytes(Buffer.from(hex, 'hex').reverse())
  }
}

const names = {
  device: new GlobalName('torch', 'device'),
  encode: new GlobalName('_codecs', 'encode'),
  set: new GlobalName('__builtin__', 'set'),
}

/** A list cannot be a key or be in a set. */
const hashable = (value: unknown): unknown =>
  Array.isArray(value) ? new TupleOf(value.map(hashable)) : value

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

function knownObject(value: object): Reduced | undefined {
  if (value instanceof Device) {
    const index = value.index === null || value.index === undefined ? [] : [value.index]
    return new Reduced(names.device, [value.type, ...index])
  }
  if (value instanceof Uint8Array) {
    return new Reduced(names.encode, [latin1(value), 'latin1'])
  }
  if (value instanceof Set) return new Reduced(names.set, [[...value].map(hashable)])
  return undefined
}

/** Whole numbers are numbers again: an object holds them as text, a Map as they are. */
const keyOf = (key: string) => (/^(0|[1-9]\d{0,14})$/.test(key) ? Number(key) : key)

function plainEntries(value: object): [unknown, unknown][] {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    throw new ArgumentError(`torch.save cannot write an object of the class ${value.constructor?.name}`, {
      hint: 'save plain data, for a module its state_dict()',
    })
  }
  return Object.entries(value).map(([key, item]) => [keyOf(key), item])
}
