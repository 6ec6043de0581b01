/** torch.autograd's anomaly mode, which finds the forward call behind a failing backward pass. */

import { guard, runIn } from '../mode-scope.js'
import { native } from '../native.js'

/**
 * torch.autograd.set_detect_anomaly: while the mode is on, every operation remembers the JavaScript stack that made it,
 * and a backward pass that fails adds this stack to its error's message (to the stack of an error that a hook or
 * `Function` threw). With `check_nan`, gradients that are NaN are failures: "Function 'MulBackward0' returned nan values
 * in its 0th output." Slow: for the search for mistakes only. `Error.stackTraceLimit` limits the stack's length.
 *
 * On to the end of the block, `using _ = set_detect_anomaly(true)`, for the callback, or for good when the result is
 * not disposed.
 */
export function set_detect_anomaly(mode: boolean, check_nan?: boolean): Disposable
export function set_detect_anomaly<T>(mode: boolean, callback: () => T): T
export function set_detect_anomaly<T>(mode: boolean, check_nan: boolean, callback: () => T): T
export function set_detect_anomaly<T>(
  mode: boolean,
  check_nan?: boolean | (() => T),
  callback?: () => T,
): T | Disposable {
  return enter('torch.autograd.set_detect_anomaly', mode, check_nan, callback)
}

/** torch.autograd.detect_anomaly: `set_detect_anomaly(true)`; its callback may stand first. */
export function detect_anomaly(check_nan?: boolean): Disposable
export function detect_anomaly<T>(callback: () => T): T
export function detect_anomaly<T>(check_nan: boolean, callback: () => T): T
export function detect_anomaly<T>(check_nan?: boolean | (() => T), callback?: () => T): T | Disposable {
  return enter('torch.autograd.detect_anomaly', true, check_nan, callback)
}

function enter<T>(
  name: string,
  mode: boolean,
  check: boolean | (() => T) | undefined,
  callback: (() => T) | undefined,
): T | Disposable {
  const checkNan = typeof check === 'boolean' ? check : true
  return runIn(
    name,
    guard(() => native.enterGuard('anomaly', mode, checkNan)),
    typeof check === 'function' ? check : callback,
  )
}
