/** The two forms of a mode: around a callback, and to the end of a block. */

import { ArgumentError } from '../errors.js'
import { native } from './native.js'

class Scope implements Disposable {
  #leave: (() => void) | null

  constructor(leave: () => void) {
    this.#leave = leave
  }

  [Symbol.dispose](): void {
    const leave = this.#leave
    this.#leave = null
    leave?.()
  }
}

function refusePromise(result: unknown, name: string): void {
  if (result instanceof Promise) {
    result.catch(() => {}) // the caller is told below; the callback's own failure must not be reported as unhandled
    throw new ArgumentError(
      `the callback of ${name} returned a promise, but the mode ends when the callback returns`,
      {
        hint: `make the callback synchronous, or call model.forwardAsync inside ${name} and await its promise outside`,
      },
    )
  }
}

/** Enters the mode for the callback, or until the result is disposed when there is none. */
export function runIn<T>(name: string, enter: () => () => void, callback: (() => T) | undefined): T | Scope {
  const leave = enter()
  if (callback === undefined) return new Scope(leave)
  try {
    const result = callback()
    refusePromise(result, name)
    return result
  } finally {
    leave()
  }
}

/** A mode that native code keeps on a stack. */
export function guard(enter: () => number): () => () => void {
  return () => {
    const depth = enter()
    return () => native.leaveGuard(depth)
  }
}
