/** transformers.optimization: learning-rate schedules. */

import { LambdaLR } from '../torch/optim/lr-scheduler.js'
import type { Optimizer } from '../torch/optim/optimizer.js'

export interface WarmupOptions {
  /** Steps in which the rate rises from 0. */
  num_warmup_steps: number
  /** Steps in all. */
  num_training_steps: number
  /** Last step done, when resuming; default -1. */
  last_epoch?: number
}

/** Linear warm-up from 0, then linear decay to 0. */
export function get_linear_schedule_with_warmup(optimizer: Optimizer, options: WarmupOptions): LambdaLR {
  const { num_warmup_steps: warmup, num_training_steps: total, last_epoch = -1 } = options
  const factor = (step: number) =>
    step < warmup ? step / Math.max(1, warmup) : Math.max(0, (total - step) / Math.max(1, total - warmup))
  return new LambdaLR(optimizer, factor, { last_epoch })
}
