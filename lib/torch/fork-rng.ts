/** torch.random.fork_rng */

import { runIn } from './mode-scope.js'
import { get_rng_state, set_rng_state } from './random.js'

export interface ForkRngOptions {
  /** false: do nothing. */
  enabled?: boolean
}

/**
 * torch.random.fork_rng: random numbers drawn inside do not move the default generator of the CPU on. Takes a callback,
 * or works to the end of the block: `using _ = torch.random.fork_rng()`.
 */
export function fork_rng(options?: ForkRngOptions): Disposable
export function fork_rng<T>(callback: () => T): T
export function fork_rng<T>(options: ForkRngOptions, callback: () => T): T
export function fork_rng<T>(first: ForkRngOptions | (() => T) = {}, second?: () => T): T | Disposable {
  const [{ enabled = true }, callback] = typeof first === 'function' ? [{}, first] : [first, second]
  const enter = () => {
    if (!enabled) return () => {}
    const state = get_rng_state()
    return () => set_rng_state(state)
  }
  return runIn('torch.random.fork_rng', enter, callback)
}
