/**
 * Thread-local modes and memory scopes. Each takes a callback, `torch.no_grad(() => …)`, or works to the end of the
 * block, `using _ = torch.no_grad()`. They must not cross an `await`: a callback that returns a promise is refused.
 */

import type { DeviceLike } from './device.js'
import type { DTypeLike } from './dtype.js'
import { bfloat16 } from './dtype.js'
import { guard, runIn } from './mode-scope.js'
import { native } from './native.js'

/** torch.no_grad: results computed inside do not require gradients. */
export function no_grad(): Disposable
export function no_grad<T>(callback: () => T): T
export function no_grad<T>(callback?: () => T): T | Disposable {
  return runIn(
    'torch.no_grad',
    guard(() => native.enterGuard('grad', false)),
    callback,
  )
}

/** torch.enable_grad: gradients again, inside torch.no_grad. */
export function enable_grad(): Disposable
export function enable_grad<T>(callback: () => T): T
export function enable_grad<T>(callback?: () => T): T | Disposable {
  return runIn(
    'torch.enable_grad',
    guard(() => native.enterGuard('grad', true)),
    callback,
  )
}

/** torch.set_grad_enabled: `no_grad` or `enable_grad` by a flag. */
export function set_grad_enabled(mode: boolean): Disposable
export function set_grad_enabled<T>(mode: boolean, callback: () => T): T
export function set_grad_enabled<T>(mode: boolean, callback?: () => T): T | Disposable {
  return runIn(
    'torch.set_grad_enabled',
    guard(() => native.enterGuard('grad', mode)),
    callback,
  )
}

/** torch.inference_mode: as `no_grad`, and results can never take part in autograd, which saves their bookkeeping. */
export function inference_mode(): Disposable
export function inference_mode<T>(callback: () => T): T
export function inference_mode<T>(callback?: () => T): T | Disposable {
  return runIn(
    'torch.inference_mode',
    guard(() => native.enterGuard('inference', true)),
    callback,
  )
}

export interface AutocastOptions {
  device_type?: DeviceLike
  /** Default bfloat16 on the CPU. */
  dtype?: DTypeLike
  enabled?: boolean
}

/** torch.autocast: matrix products in a narrower type, sums and losses in float32. */
export function autocast(options: AutocastOptions): Disposable
export function autocast<T>(options: AutocastOptions, callback: () => T): T
export function autocast<T>(options: AutocastOptions, callback?: () => T): T | Disposable {
  const { device_type = 'cpu', dtype = bfloat16, enabled = true } = options
  return runIn(
    'torch.autocast',
    guard(() => native.enterGuard('autocast', device_type, dtype, enabled)),
    callback,
  )
}

/**
 * Releases every tensor made inside at its end, but for those in the value that the callback returns (looked for in
 * arrays, objects, maps, sets and modules).
 */
export function scope(): Disposable
export function scope<T>(callback: () => T): T
export function scope<T>(callback?: () => T): T | Disposable {
  let kept: unknown[] = []
  const enter = () => {
    const depth = native.enterScope()
    return () => native.exitScope(kept, depth)
  }
  if (callback === undefined) return runIn('torch.scope', enter, undefined)
  return runIn('torch.scope', enter, () => {
    const result = callback()
    kept = tensorsIn(result)
    return result
  })
}

function tensorsIn(value: unknown, seen = new Set<unknown>()): unknown[] {
  if (native.isTensor(value)) return [value]
  const isContainer = (typeof value === 'object' && value !== null) || isModule(value)
  if (!isContainer || seen.has(value) || ArrayBuffer.isView(value)) return []
  seen.add(value)
  const parts: unknown[] = Object.values(value)
  if (isModule(value)) parts.push(...value.parameters())
  if (value instanceof Map) parts.push(...value.keys(), ...value.values())
  if (value instanceof Set) parts.push(...value)
  return parts.flatMap((part) => tensorsIn(part, seen))
}

// By its shape: modules are callable, and their class needs this file.
const isModule = (value: unknown): value is { parameters(): unknown[] } =>
  typeof value === 'function' && 'parameters' in value && typeof value.parameters === 'function'

/** torch.is_grad_enabled */
export const is_grad_enabled = (): boolean => native.isGradEnabled()
/** torch.is_anomaly_enabled: see `torch.autograd.detect_anomaly`. */
export const is_anomaly_enabled = (): boolean => native.anomalyMode() !== null
/** torch.is_anomaly_check_nan_enabled */
export const is_anomaly_check_nan_enabled = (): boolean => native.anomalyMode() ?? true
/** torch.is_inference_mode_enabled */
export const is_inference_mode_enabled = (): boolean => native.isInferenceMode()
