/** Schedules without an end. */

import { LambdaLR, type PlateauOptions, ReduceLROnPlateau } from '../../torch/optim/lr-scheduler/index.js'
import type { Optimizer } from '../../torch/optim/optimizer.js'
import { afterWarmup, type ResumeOptions, type WarmupOnlyOptions } from './warmup.js'

/** The optimizer's learning rate, unchanged. */
export function get_constant_schedule(optimizer: Optimizer, options: ResumeOptions = {}): LambdaLR {
  return new LambdaLR(optimizer, () => 1, { last_epoch: options.last_epoch })
}

/** Linear warm-up from 0, then unchanged. */
export function get_constant_schedule_with_warmup(
  optimizer: Optimizer,
  options: WarmupOnlyOptions,
): LambdaLR {
  return afterWarmup(optimizer, options, () => 1)
}

export interface InverseSqrtOptions extends WarmupOnlyOptions {
  /** Steps in which the rate falls to 1/√2; default the warm-up's, or 10,000 without one. */
  timescale?: number | null
}

/** Linear warm-up from 0, then decay by the root of the step. */
export function get_inverse_sqrt_schedule(optimizer: Optimizer, options: InverseSqrtOptions): LambdaLR {
  const timescale = options.timescale ?? (options.num_warmup_steps || 10_000)
  const shift = timescale - options.num_warmup_steps
  return afterWarmup(optimizer, options, (step) => 1 / Math.sqrt((step + shift) / timescale))
}

/** torch's ReduceLROnPlateau, which is stepped with a metric. */
export function get_reduce_on_plateau_schedule(
  optimizer: Optimizer,
  options: PlateauOptions = {},
): ReduceLROnPlateau {
  return new ReduceLROnPlateau(optimizer, options)
}
