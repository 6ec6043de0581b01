/** One process at a time, whatever dies meanwhile. */

import type { LockOptions as FileLockOptions } from 'proper-lockfile'

export interface LockOptions {
  /** Folder that is the lock; default: the name with `.lock`. */
  path?: string
  /**
   * One that died is noticed after this time, in milliseconds; whoever lives shows it twice as often. Default 30 s.
   */
  staleMs?: number
  /** Called once when another holds the lock. */
  onWait?: () => void
  /** Called when this process stood still for so long that another may have taken the lock; default: it throws. */
  onLost?: (error: Error) => void
}

const waitForLockSeconds = 1800

/**
 * Waits until nobody else holds the lock of this name, and takes it.
 *
 * @returns gives it back.
 * @throws the error of `proper-lockfile` with the code ELOCKED after half an hour.
 */
export async function acquireLock(name: string, options: LockOptions = {}): Promise<() => Promise<void>> {
  const { path, staleMs = 30_000, onWait, onLost } = options
  // Loaded only now: from then on it takes signals, among them the one for a full disk, which Node.js ignores.
  const { lock } = await import('proper-lockfile')
  const attempt = (retries: number) => {
    const settings: FileLockOptions = {
      realpath: false,
      stale: staleMs,
      retries: { retries, factor: 1, minTimeout: 1000 },
    }
    if (path !== undefined) settings.lockfilePath = path
    if (onLost !== undefined) settings.onCompromised = onLost
    return lock(name, settings)
  }
  try {
    return await attempt(0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error
    onWait?.()
  }
  return attempt(waitForLockSeconds)
}
