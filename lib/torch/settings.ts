/** Switches of LibTorch for the whole process: default dtype, determinism, precision, threads between operators. */

import { ArgumentError } from '../errors.js'
import type { DeviceLike } from './device.js'
import { type DType, type DTypeLike, dtypeFromCode, resolveDType } from './dtype.js'
import { native } from './native.js'

/** torch.get_default_dtype: the dtype of factories and of `torch.tensor` for numbers with fractions. */
export const get_default_dtype = (): DType => dtypeFromCode(native.defaultDtype())

/**
 * torch.set_default_dtype
 *
 * @throws DTypeError for a dtype that is no floating-point type.
 */
export const set_default_dtype = (d: DTypeLike): void => native.setDefaultDtype(resolveDType(d))

/**
 * torch.use_deterministic_algorithms: operators that can give the same bits each time do, others throw, or only warn
 * with `warn_only`.
 */
export const use_deterministic_algorithms = (
  mode: boolean,
  { warn_only = false }: { warn_only?: boolean } = {},
): void => native.setDeterministic(mode, warn_only)

/** torch.are_deterministic_algorithms_enabled */
export const are_deterministic_algorithms_enabled = (): boolean => native.deterministic().enabled

/** torch.is_deterministic_algorithms_warn_only_enabled */
export const is_deterministic_algorithms_warn_only_enabled = (): boolean => native.deterministic().warnOnly

const debugModes = ['default', 'warn', 'error'] as const

/** torch.set_deterministic_debug_mode: 'default' or 0, 'warn' or 1, 'error' or 2. */
export function set_deterministic_debug_mode(debug_mode: number | (typeof debugModes)[number]): void {
  const level = typeof debug_mode === 'number' ? debug_mode : debugModes.indexOf(debug_mode)
  if (debugModes[level] === undefined) {
    throw new ArgumentError(
      `the debug mode must be one of ${debugModes.join(', ')}, or 0, 1, 2, not ${debug_mode}`,
    )
  }
  native.setDeterministic(level > 0, level === 1)
}

/** torch.get_deterministic_debug_mode: 0 default, 1 warn, 2 error. */
export function get_deterministic_debug_mode(): number {
  const { enabled, warnOnly } = native.deterministic()
  if (!enabled) return 0
  return warnOnly ? 1 : 2
}

/** What torch.set_float32_matmul_precision takes: how much of float32 a matrix product may give up for speed. */
export type MatmulPrecision = 'highest' | 'high' | 'medium'

/** torch.get_float32_matmul_precision */
export const get_float32_matmul_precision = (): MatmulPrecision => native.matmulPrecision() as MatmulPrecision

/** torch.set_float32_matmul_precision. @throws ArgumentError for any other word. */
export const set_float32_matmul_precision = (precision: MatmulPrecision): void =>
  native.setMatmulPrecision(precision)

/** torch.set_flush_denormal: numbers too small for full precision count as 0. Returns whether the CPU can. */
export const set_flush_denormal = (mode: boolean): boolean => native.setFlushDenormal(mode)

/** torch.get_num_interop_threads: threads that run operators side by side. */
export const get_num_interop_threads = (): number => native.interopThreads()

/** torch.set_num_interop_threads. @throws TorchError once such threads have started. */
export const set_num_interop_threads = (threads: number): void => native.setInteropThreads(threads)

/** torch.is_warn_always_enabled */
export const is_warn_always_enabled = (): boolean => native.warnAlways()

/** torch.set_warn_always: LibTorch prints each warning every time, not once. */
export const set_warn_always = (b: boolean): void => native.setWarnAlways(b)

/** torch.is_autocast_enabled */
export const is_autocast_enabled = (device_type: DeviceLike = 'cuda'): boolean =>
  native.autocastEnabled(device_type)

/** torch.get_autocast_dtype: what torch.autocast computes in unless told otherwise. */
export const get_autocast_dtype = (device_type: DeviceLike): DType =>
  dtypeFromCode(native.autocastDtype(device_type))
