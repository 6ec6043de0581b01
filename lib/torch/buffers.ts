/** Tensors that share their memory with JavaScript buffers. */

import { isSharedArrayBuffer } from 'node:util/types'
import { markAsUntransferable } from 'node:worker_threads'

import { ArgumentError } from '../errors.js'
import { type BufferLike, bytesOf, dtypeOf, type TypedArray } from './creation.js'
import { type DTypeLike, resolveDType } from './dtype.js'
import { native } from './native.js'
import type { Tensor } from './tensor.js'

export interface FrombufferOptions {
  /** Default: a typed array's own. */
  dtype?: DTypeLike
  /** Elements; -1: all to the end. */
  count?: number
  /** Bytes to skip. */
  offset?: number
  requires_grad?: boolean
}

/**
 * torch.frombuffer: a 1-d tensor over the buffer's memory, without a copy: writes to one are seen in the other, and the
 * tensor keeps the buffer alive. An ArrayBuffer can no longer be transferred afterwards, which would pull the memory
 * away from under the tensor: it is marked, and its `transfer()` throws. What gets around the mark must be kept away from
 * it: `ArrayBuffer.prototype.transfer.call`, readers that bring their own buffer, growing WebAssembly memory. A
 * SharedArrayBuffer never moves.
 *
 * @throws ArgumentError for a buffer that is resizable or detached, an empty one, or bounds that do not fit it.
 */
export function frombuffer(buffer: BufferLike, options: FrombufferOptions = {}): Tensor {
  const view = bytesOf(buffer)
  const given = options.dtype === undefined ? dtypeOf(buffer) : resolveDType(options.dtype)
  if (given === undefined) {
    throw new ArgumentError('the dtype of a buffer must be given', { hint: "pass { dtype: 'float32' }" })
  }
  const { offset = 0, count = -1 } = options
  const { byteLength } = view
  const size = given.itemsize
  if (byteLength === 0 || count === 0) {
    throw new ArgumentError(`both buffer length (${byteLength}) and count (${count}) must not be 0`)
  }
  if (!(Number.isInteger(offset) && offset >= 0 && offset < byteLength)) {
    throw new ArgumentError(
      `offset must be a whole number of bytes from 0 to ${byteLength - 1}, is ${offset}`,
    )
  }
  if (!Number.isInteger(count) || count < -1) {
    throw new ArgumentError(`count must be -1 or a positive whole number, is ${count}`)
  }
  const rest = byteLength - offset
  if (count === -1 && rest % size !== 0) {
    throw new ArgumentError(
      `buffer length (${rest} bytes) after offset (${offset} bytes) must be a multiple of element size (${size})`,
    )
  }
  const elements = count === -1 ? rest / size : count
  if (elements * size > rest) {
    throw new ArgumentError(
      `${elements} elements of ${size} bytes after offset ${offset} are more than the buffer's ${byteLength} bytes`,
    )
  }
  pin(view.buffer)
  const tensor = native.fromView(view.subarray(offset), elements, given)
  return options.requires_grad ? tensor.requires_grad_() : tensor
}

/** torch.from_numpy: a 1-d tensor over a typed array's memory; `torch.frombuffer` says what that means. */
export const from_numpy = (array: TypedArray): Tensor =>
  array.length === 0 ? native.fromBytes(array, [0], dtypeOf(array)) : frombuffer(array)

const refusal = () => {
  throw new ArgumentError('a tensor lies over this buffer: it cannot be transferred', {
    hint: 'use slice(), which copies',
  })
}

// Only a SharedArrayBuffer stays where it is whatever happens: any other is kept from moving.
function pin(buffer: ArrayBufferLike): void {
  if (isSharedArrayBuffer(buffer)) return
  if (Reflect.get(buffer, 'resizable') === true) {
    throw new ArgumentError('a resizable ArrayBuffer may shrink under the tensor', {
      hint: 'use a SharedArrayBuffer, or copy with torch.tensor',
    })
  }
  markAsUntransferable(buffer)
  for (const name of ['transfer', 'transferToFixedLength']) {
    if (name in buffer) Object.defineProperty(buffer, name, { value: refusal })
  }
}
