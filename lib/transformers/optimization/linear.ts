/** Straight and polynomial schedules. */

import { ArgumentError } from '../../errors.js'
import type { LambdaLR } from '../../torch/optim/lr-scheduler/index.js'
import type { Optimizer } from '../../torch/optim/optimizer.js'
import { afterWarmup, initialRate, requireSteps, share, type WarmupOptions } from './warmup.js'

/** Linear warm-up from 0, then linear decay to 0. */
export function get_linear_schedule_with_warmup(optimizer: Optimizer, options: WarmupOptions): LambdaLR {
  const { num_warmup_steps: warmup } = options
  const total = requireSteps('num_training_steps', options.num_training_steps)
  return afterWarmup(optimizer, options, (step) => Math.max(0, share(total - step, total - warmup)))
}

export interface PolynomialDecayOptions extends WarmupOptions {
  /** Last learning rate, below the first; default 1e-7. */
  lr_end?: number
  /** Default 1. */
  power?: number
}

/**
 * Linear warm-up from 0, then decay to `lr_end` by a power of what remains.
 *
 * @throws ArgumentError unless `lr_end` is below the optimizer's learning rate.
 */
export function get_polynomial_decay_schedule_with_warmup(
  optimizer: Optimizer,
  options: PolynomialDecayOptions,
): LambdaLR {
  const { num_warmup_steps: warmup, lr_end = 1e-7, power = 1 } = options
  const total = requireSteps('num_training_steps', options.num_training_steps)
  const first = initialRate(optimizer)
  if (!(first > lr_end)) {
    throw new ArgumentError(`lr_end (${lr_end}) must be smaller than the initial lr (${first})`)
  }
  return afterWarmup(optimizer, options, (step) => {
    if (step > total) return lr_end / first
    const remaining = 1 - (step - warmup) / (total - warmup)
    return ((first - lr_end) * remaining ** power + lr_end) / first
  })
}
