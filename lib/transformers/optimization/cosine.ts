/** Schedules along a cosine. */

import { ArgumentError } from '../../errors.js'
import { LambdaLR } from '../../torch/optim/lr-scheduler/index.js'
import type { Optimizer } from '../../torch/optim/optimizer.js'
import {
  afterWarmup,
  atLeast,
  cosineWave,
  initialRate,
  progress,
  requireSteps,
  type WarmupOptions,
} from './warmup.js'

export interface CosineScheduleOptions extends WarmupOptions {
  /** Waves after the warm-up; default 0.5: from 1 to 0. With hard restarts: how often it starts, default 1. */
  num_cycles?: number
}

/** Linear warm-up from 0, then along a cosine to 0. */
export function get_cosine_schedule_with_warmup(
  optimizer: Optimizer,
  options: CosineScheduleOptions,
): LambdaLR {
  const { num_cycles = 0.5 } = options
  const done = progress(options)
  return afterWarmup(optimizer, options, (step) => Math.max(0, cosineWave(done(step), num_cycles)))
}

/** Linear warm-up from 0, then `num_cycles` times along a cosine to 0, each beginning at the top. */
export function get_cosine_with_hard_restarts_schedule_with_warmup(
  optimizer: Optimizer,
  options: CosineScheduleOptions,
): LambdaLR {
  const { num_cycles = 1 } = options
  const done = progress(options)
  return afterWarmup(optimizer, options, (step) => {
    const share = done(step)
    return share >= 1 ? 0 : Math.max(0, 0.5 * (1 + Math.cos(Math.PI * ((num_cycles * share) % 1))))
  })
}

export interface MinLrOptions extends CosineScheduleOptions {
  /** Last learning rate. */
  min_lr?: number | null
  /** The same, as a share of the first. */
  min_lr_rate?: number | null
}

/** Linear warm-up from 0, then along a cosine to `min_lr`. @throws ArgumentError unless one minimum is given. */
export function get_cosine_with_min_lr_schedule_with_warmup(
  optimizer: Optimizer,
  options: MinLrOptions,
): LambdaLR {
  const { num_cycles = 0.5 } = options
  const least = leastFactor(optimizer, options)
  const done = progress(options)
  return afterWarmup(optimizer, options, (step) => atLeast(least, cosineWave(done(step), num_cycles)))
}

export interface WarmupRateOptions extends MinLrOptions {
  /** Where the warm-up starts, as a share of the learning rate; default one step above 0. */
  warmup_lr_rate?: number | null
}

/**
 * As `get_cosine_with_min_lr_schedule_with_warmup`, but no step has rate 0: both parts count steps from 1.
 *
 * @throws ArgumentError unless one minimum is given.
 */
export function get_cosine_with_min_lr_schedule_with_warmup_lr_rate(
  optimizer: Optimizer,
  options: WarmupRateOptions,
): LambdaLR {
  const { num_cycles = 0.5, warmup_lr_rate = null, last_epoch } = options
  const warmup = requireSteps('num_warmup_steps', options.num_warmup_steps)
  const least = leastFactor(optimizer, options)
  const done = progress(options)
  const factor = (step: number) => {
    if (step >= warmup) return atLeast(least, cosineWave(done(step + 1), num_cycles))
    if (warmup_lr_rate === null) return (step + 1) / Math.max(1, warmup)
    return warmup_lr_rate + ((1 - warmup_lr_rate) * step) / Math.max(1, warmup - 1)
  }
  return new LambdaLR(optimizer, factor, { last_epoch })
}

function leastFactor(optimizer: Optimizer, { min_lr, min_lr_rate }: MinLrOptions): number {
  const both = typeof min_lr === 'number' && typeof min_lr_rate === 'number'
  if (!both && typeof min_lr === 'number') return min_lr / initialRate(optimizer)
  if (!both && typeof min_lr_rate === 'number') return min_lr_rate
  throw new ArgumentError(`one of min_lr and min_lr_rate must be set, got ${min_lr} and ${min_lr_rate}`, {
    hint: 'with get_scheduler: { scheduler_specific_kwargs: { min_lr: … } }',
  })
}
