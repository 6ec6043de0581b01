/** Tensors between threads: a token is posted, the memory stays where it is. */

import { ArgumentError } from '../errors.js'
import { native } from './native.js'
import type { Tensor } from './tensor.js'

const kind = 'robertorch.tensor'

/**
 * What `Tensor.share` gives: plain data that `postMessage` copies. The memory behind it belongs to the process until
 * the token was opened or disposed, whichever thread ends meanwhile: a token that nobody opens keeps it for good, which
 * `torch.memory().shared` shows.
 */
export class SharedTensor implements Disposable {
  readonly kind = kind
  readonly id: string

  constructor(id: string) {
    this.id = id
  }

  /** Gives the memory up; true when it was still waiting. A token that was posted is given up all the same. */
  dispose(): boolean {
    return native.closeShared(this.id)
  }

  [Symbol.dispose](): void {
    this.dispose()
  }
}

/** What arrives of a token in another thread: `postMessage` leaves the methods behind. */
export type SharedToken = Pick<SharedTensor, 'kind' | 'id'>

export const share = (tensor: Tensor, opens: number): SharedTensor =>
  new SharedTensor(native.shareTensor(tensor, opens))

/**
 * The tensor behind a token: same memory, shape, dtype and `requires_grad`; gradients are each thread's own.
 *
 * @throws ArgumentError for what is no token, and for one that was opened or disposed before.
 */
export function fromShared(token: SharedToken): Tensor {
  if (token?.kind !== kind || typeof token.id !== 'string') {
    throw new ArgumentError('torch.fromShared takes the token that tensor.share() gave')
  }
  return native.openShared(token.id)
}

/** Gives up a token that arrived in another thread; true when it was still waiting. */
export const disposeShared = (token: SharedToken): boolean => native.closeShared(token.id)
