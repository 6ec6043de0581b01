/** A comparison that failed, before its place and the caller's own message are added. */

import { type ArgumentError, AssertionError } from '../../errors.js'

/** Positions and keys that lead from the outermost value to a compared one. */
export type Path = readonly (number | string)[]

export class Failure extends Error {
  constructor(
    message: string,
    readonly path: Path,
    readonly ErrorClass: typeof AssertionError | typeof ArgumentError = AssertionError,
  ) {
    super(message)
  }

  /** The error for the caller; `msg` replaces the text or makes it from the text. */
  toError(msg?: string | ((generated: string) => string)): Error {
    if (typeof msg === 'string') return new this.ErrorClass(msg)
    const place = this.path.map((part) => (typeof part === 'number' ? `[${part}]` : `['${part}']`)).join('')
    const text = place === '' ? this.message : `${this.message}\n\nThe failure occurred for item ${place}`
    return new this.ErrorClass(msg ? msg(text) : text)
  }
}
