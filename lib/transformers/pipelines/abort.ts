/** Ending work by an AbortSignal. */

import { AbortedError } from '../../errors.js'

/** @throws AbortedError */
export function refuseAborted(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted) throw new AbortedError(`${what} was aborted`, { cause: signal.reason })
}

/**
 * Waits for a result, or no longer than to the abort.
 * @param discard receives a result that comes too late
 * @throws AbortedError
 */
export async function orAborted<T>(
  pending: Promise<T>,
  signal: AbortSignal | undefined,
  what: string,
  discard: (late: T) => void,
): Promise<T> {
  if (signal === undefined) return pending
  let stop = () => {}
  const aborted = new Promise<never>((_, reject) => {
    const abort = () => {
      pending.then(discard, () => {})
      reject(new AbortedError(`${what} was aborted`, { cause: signal.reason }))
    }
    stop = () => signal.removeEventListener('abort', abort)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
  try {
    return await Promise.race([pending, aborted])
  } finally {
    stop()
  }
}
