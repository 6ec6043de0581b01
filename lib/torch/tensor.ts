/**
 * torch.Tensor. Objects are made by native code; this file gives them the methods that are no operators, and
 * lib/torch/operators.ts those that are.
 */

import { ArgumentError } from '../errors.js'
import { type BackwardOptions, backward, backwardAsync } from './autograd/engine.js'
import type { TypedArray } from './creation.js'
import { Device, type DeviceLike } from './device.js'
import {
  bfloat16,
  bool,
  complex64,
  complex128,
  DType,
  type DTypeLike,
  dtypeFromCode,
  float16,
  float32,
  resolveDType,
} from './dtype.js'
import type { TensorOperators } from './generated/tensor-operators.js'
import { nativeIndices, type TensorIndex } from './indexing/indices.js'
import { native } from './native.js'
import { named, type Rest } from './nn/arguments.js'
import { defineMethods, operator } from './operators.js'
import { printTensor } from './printing/print.js'
import { type SharedTensor, share } from './sharing.js'

/** A number, or nested arrays of numbers: what `tolist` gives. */
export type NestedList = number | bigint | boolean | NestedList[]

/** What `Tensor.set` assigns. */
export type TensorValue = Tensor | number | bigint | boolean

/** Where and what `Tensor.to` converts to. */
export interface ToOptions {
  device?: DeviceLike
  dtype?: DTypeLike
  copy?: boolean
  non_blocking?: boolean
  memory_format?: string
}

const toFlags = ['non_blocking', 'copy'] as const
type ToRest = Rest<ToOptions, ['dtype', ...typeof toFlags]> | Rest<ToOptions, [...typeof toFlags]>

const toOperator = operator<(self: Tensor, options: object) => Tensor>('aten::to')
const unbind = operator<(self: Tensor, dim: number) => Tensor[]>('aten::unbind')
const sizesOf = (tensor: Tensor) => native.shape(tensor)

/** A multi-dimensional array with autograd, as torch.Tensor: here what no operator stands behind. */
export interface Tensor extends TensorOperators {}

/** Tensors are made by native code, through `torch.tensor` and its siblings; the class is for `instanceof`. */
export class Tensor {
  private constructor() {
    // Nothing to do: native code ties the object to its tensor. One made without it is no tensor to any function.
  }

  /** Sizes by dimension. */
  get shape(): number[] {
    return sizesOf(this)
  }

  get dtype(): DType {
    return dtypeFromCode(native.dtypeCode(this))
  }

  /** How the elements are stored: `torch.strided`, `torch.sparse_coo`, … */
  get layout(): string {
    return `torch.${native.layout(this)}`
  }

  get device(): Device {
    return new Device(native.deviceName(this))
  }

  get ndim(): number {
    return sizesOf(this).length
  }

  /** The size of dimension 0, so that `for (let i = 0; i < tensor.length; i++)` works. */
  get length(): number {
    const [first] = sizesOf(this)
    if (first === undefined) throw new ArgumentError('a 0-d tensor has no length')
    return first
  }

  get requires_grad(): boolean {
    return native.requiresGrad(this)
  }

  set requires_grad(value: boolean) {
    native.setRequiresGrad(this, value)
  }

  /** The accumulated gradient, null before the first backward pass. */
  get grad(): Tensor | null {
    return native.grad(this)
  }

  set grad(value: Tensor | null) {
    native.setGrad(this, value)
  }

  get is_leaf(): boolean {
    return native.isLeaf(this)
  }

  /** Name of the operation that made it, null for a leaf. */
  get grad_fn(): string | null {
    return native.gradFnName(this)
  }

  /** The values, outside autograd, which does not notice changes of them either; assigning swaps the storage and keeps the tensor's identity. */
  get data(): Tensor {
    return native.data(this)
  }

  set data(value: Tensor) {
    native.setData(this, value)
  }

  /** true once released; any use of the tensor then throws DisposedError. */
  get disposed(): boolean {
    return native.isDisposed(this)
  }

  /** Sizes, or the size of one dimension (negative counts from the end). */
  size(): number[]
  size(dim: number): number
  size(dim?: number): number | number[] {
    const sizes = sizesOf(this)
    return dim === undefined ? sizes : at(sizes, dim)
  }

  stride(): number[]
  stride(dim: number): number
  stride(dim?: number): number | number[] {
    const strides = native.strides(this)
    return dim === undefined ? strides : at(strides, dim)
  }

  storage_offset(): number {
    return native.storageOffset(this)
  }

  dim(): number {
    return sizesOf(this).length
  }

  numel(): number {
    return sizesOf(this).reduce((product, size) => product * size, 1)
  }

  element_size(): number {
    return this.dtype.itemsize
  }

  is_contiguous(): boolean {
    const sizes = sizesOf(this)
    const strides = native.strides(this)
    let expected = 1
    for (let i = sizes.length - 1; i >= 0; i--) {
      if (sizes[i] === 0) return true
      if (sizes[i] !== 1 && strides[i] !== expected) return false
      expected *= sizes[i] as number
    }
    return true
  }

  is_floating_point(): boolean {
    return this.dtype.is_floating_point
  }

  /** Sets whether gradients are wanted and returns the tensor. */
  requires_grad_(value = true): Tensor {
    native.setRequiresGrad(this, value)
    return this
  }

  /**
   * Calls `hook` with each gradient of this tensor; a tensor that it returns takes the gradient's place.
   * `remove()` on the result ends it.
   */
  register_hook(hook: (grad: Tensor) => unknown): { remove(): void } {
    const id = native.registerHook(this, hook as (grad: Tensor) => Tensor | null | undefined)
    return { remove: () => native.removeHook(this, id) }
  }

  /**
   * Calls `hook` with this leaf whenever a backward pass has added to its `grad`: an optimizer may then take its step and
   * free the gradient before the next one is there. Runs under `no_grad`. `remove()` on the result ends it.
   *
   * @throws ArgumentError for a tensor that needs no gradient or is no leaf.
   */
  register_post_accumulate_grad_hook(hook: (tensor: Tensor) => unknown): { remove(): void } {
    const id = native.registerPostAccumulateHook(this, (tensor) => void hook(tensor))
    return { remove: () => native.removePostAccumulateHook(this, id) }
  }

  /** Keeps `grad` although this tensor is no leaf. */
  retain_grad(): void {
    native.retainGrad(this)
  }

  /** Counts in-place changes: autograd refuses a saved tensor that was changed since. */
  get _version(): number {
    return native.version(this)
  }

  /** Adds the gradients of this tensor to the leaves' `grad`; see `torch.autograd.backward`. */
  backward(gradient?: Tensor | null, options: Omit<BackwardOptions, 'grad_tensors'> = {}): void {
    backward(this, { ...options, grad_tensors: gradient })
  }

  /** `backward` off the event loop. */
  backwardAsync(
    gradient?: Tensor | null,
    options: Omit<BackwardOptions, 'grad_tensors'> = {},
  ): Promise<void> {
    return backwardAsync(this, { ...options, grad_tensors: gradient })
  }

  /**
   * Tensor.to: the tensor on another device or of another dtype; itself when nothing changes.
   * `to(dtype)`, `to(device)`, `to(device, dtype)`, `to(other)`, `to({ device, dtype })`; `non_blocking` and `copy`
   * follow by position, and what is left by name.
   */
  to(target: DeviceLike | DTypeLike | Tensor | ToOptions, ...rest: ToRest): Tensor {
    const options = toOptions(target)
    if (rest.length > 0) {
      const names = options.dtype === undefined ? (['dtype', ...toFlags] as const) : toFlags
      Object.assign(options, named<ToOptions>('to()', rest, names, ['memory_format']))
    }
    if (typeof options.dtype === 'string') options.dtype = resolveDType(options.dtype)
    const wanted = Object.entries(options).filter(([, value]) => value !== undefined)
    return wanted.length === 0 ? this : toOperator(this, Object.fromEntries(wanted))
  }

  cpu(): Tensor {
    return this.to('cpu')
  }

  cuda(index?: number): Tensor {
    return this.to(new Device('cuda', index))
  }

  /**
   * The value of a one-element tensor.
   *
   * @throws ShapeError for more or fewer elements, ArgumentError for an int64 beyond 2^53 (use `itemBigInt`).
   */
  item(): number {
    const value = native.item(this)
    if (typeof value === 'bigint') {
      throw new ArgumentError(`${value} is beyond 2^53 and would lose digits as a number`, {
        hint: 'use itemBigInt()',
      })
    }
    return value as number
  }

  /** The value of a one-element integer tensor, whatever its size. */
  itemBigInt(): bigint {
    const value = native.item(this)
    if (typeof value === 'object' || (typeof value === 'number' && !Number.isInteger(value))) {
      throw new ArgumentError(`${typeof value === 'object' ? 'a complex value' : value} is no whole number`)
    }
    return BigInt(value)
  }

  /** Tensor.tolist: nested arrays of numbers (int64 beyond 2^53: bigints) or booleans. */
  tolist(): NestedList {
    const values = toNumbers(this)
    const sizes = sizesOf(this)
    let position = 0
    const build = (depth: number): NestedList => {
      if (depth === sizes.length) return values[position++] as number | bigint | boolean
      return Array.from({ length: sizes[depth] as number }, () => build(depth + 1))
    }
    return build(0)
  }

  /** The elements in row-major order in a typed array of the dtype's layout (half types: raw bits). */
  toTypedArray(): TypedArray {
    return new this.dtype.ArrayType(native.toBytes(this))
  }

  /**
   * Tensor.numpy: the elements in row-major order in a typed array that shares the tensor's memory, which it keeps
   * alive: writes to one are seen in the other. `toTypedArray` copies.
   *
   * @throws ArgumentError when the tensor requires grad or its elements do not lie in order, DeviceError when they are
   * not on the CPU.
   */
  numpy(): TypedArray {
    if (this.requires_grad) {
      throw new ArgumentError('numpy() of a tensor that requires grad would get around autograd', {
        hint: 'use tensor.detach().numpy()',
      })
    }
    return new this.dtype.ArrayType(native.memoryOf(this))
  }

  /**
   * Python's `x[…]`: `x.at(0, '1:5', null, '...', mask, [1, 3], indexTensor)`; see `TensorIndex`. Integers, slices,
   * `null` and `'...'` give a view of the same storage, lists and tensors a new tensor. `x.at([0, 1])` is `x[[0, 1]]`,
   * `x.at(0, 1)` is `x[0, 1]`.
   *
   * @throws IndexError for an index out of range, too many indices, masks that do not fit.
   */
  at(...indices: TensorIndex[]): Tensor {
    return native.getItem(this, nativeIndices(indices))
  }

  /**
   * Python's `x[…] = value`: `x.set([0, '1:5'], 0)`. The first argument holds the indices as `at` takes them; one that
   * is no list may stand alone: `x.set(mask, 0)`. The value is a number, or a tensor that is broadcast.
   *
   * @throws IndexError as `at`, ShapeError or TorchError for a value that does not fit.
   */
  set(indices: readonly TensorIndex[] | Exclude<TensorIndex, readonly unknown[]>, value: TensorValue): this {
    native.setItem(this, nativeIndices(Array.isArray(indices) ? indices : [indices as TensorIndex]), value)
    return this
  }

  /**
   * A token for another thread: `worker.postMessage(x.share())` there, `torch.fromShared(token)` here gives a tensor
   * over the same memory. The memory stays until it was opened `opens` times or `token.dispose()` is called.
   *
   * @throws ArgumentError for a result of autograd (detach it), and for memory of a JavaScript buffer (clone it).
   */
  share(opens = 1): SharedTensor {
    return share(this, opens)
  }

  /** Releases the tensor now instead of when the collector finds it. */
  dispose(): void {
    native.dispose(this)
  }

  [Symbol.dispose](): void {
    native.dispose(this)
  }

  /** The slices of dimension 0. */
  [Symbol.iterator](): Iterator<Tensor> {
    if (sizesOf(this).length === 0) throw new ArgumentError('iteration over a 0-d tensor')
    return unbind(this, 0)[Symbol.iterator]()
  }

  toString(): string {
    return printTensor(this)
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return native.isTensor(this) ? printTensor(this) : '[Tensor.prototype]'
  }
}

function at(values: number[], dim: number): number {
  const value = values.at(dim)
  if (value === undefined) {
    throw new ArgumentError(`dimension ${dim} is out of range, the tensor has ${values.length} dimensions`)
  }
  return value
}

function toOptions(target: DeviceLike | DTypeLike | Tensor | ToOptions): ToOptions {
  if (native.isTensor(target)) {
    const other = target as Tensor
    return { device: other.device, dtype: other.dtype }
  }
  if (target instanceof Device) return { device: target }
  if (target instanceof DType) return { dtype: target }
  if (typeof target === 'string') {
    return isDeviceName(target) ? { device: target } : { dtype: target }
  }
  if (typeof target === 'object' && target !== null) {
    return { ...(target as ToOptions) }
  }
  throw new ArgumentError(`to() takes a device, a dtype, a tensor or options, not ${String(target)}`)
}

const isDeviceName = (text: string) => /^(cpu|cuda|mps|xpu|meta)(:\d+)?$/.test(text)

/** The elements in row-major order as JavaScript values. */
export function toNumbers(tensor: Tensor): (number | bigint | boolean)[] {
  const { dtype } = tensor
  if (dtype === complex64 || dtype === complex128) {
    throw new ArgumentError('complex tensors have no JavaScript numbers', { hint: 'use torch.view_as_real' })
  }
  const half = dtype === float16 || dtype === bfloat16 || (dtype.is_floating_point && dtype.itemsize === 1)
  const values = Array.from((half ? tensor.to(float32) : tensor).toTypedArray() as ArrayLike<number | bigint>)
  if (dtype === bool) return values.map(Boolean)
  return values.map((value) =>
    typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value,
  )
}

native.setTensorClass(Tensor)

/** Names that are written by hand here, so that no operator type is generated for them. */
export const handwrittenMethods: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Tensor.prototype))

defineMethods(Tensor.prototype)
