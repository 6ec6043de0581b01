/** Warm-up, a plateau, decay (Hu et al., MiniCPM, 2024). */

import { ArgumentError } from '../../errors.js'
import { LambdaLR } from '../../torch/optim/lr-scheduler/index.js'
import type { Optimizer } from '../../torch/optim/optimizer.js'
import { atLeast, cosineWave, requireSteps, share, type WarmupOnlyOptions } from './warmup.js'

/** The form of a rise or fall. */
export type RampType = 'linear' | 'cosine' | '1-sqrt'

export interface WarmupStableDecayOptions extends WarmupOnlyOptions {
  num_decay_steps: number
  /** Steps in all; what warm-up and decay leave is the plateau. */
  num_training_steps?: number | null
  /** Steps of the plateau; goes before `num_training_steps`. */
  num_stable_steps?: number | null
  /** Default 'linear'. */
  warmup_type?: RampType
  /** Default 'cosine'. */
  decay_type?: RampType
  /** Least factor, at both ends; default 0. */
  min_lr_ratio?: number
  /** Waves of a cosine decay; default 0.5. */
  num_cycles?: number
}

const rises: Record<RampType, (done: number) => number> = {
  linear: (done) => done,
  cosine: (done) => 0.5 * (1 - Math.cos(Math.PI * done)),
  '1-sqrt': (done) => 1 - Math.sqrt(1 - done),
}
const falls: Record<RampType, (done: number, cycles: number) => number> = {
  linear: (done) => 1 - done,
  cosine: cosineWave,
  '1-sqrt': (done) => 1 - Math.sqrt(done),
}

/** @throws ArgumentError without a length, or for an unknown form. */
export function get_wsd_schedule(optimizer: Optimizer, options: WarmupStableDecayOptions): LambdaLR {
  const { warmup_type = 'linear', decay_type = 'cosine', min_lr_ratio = 0, num_cycles = 0.5 } = options
  for (const [name, type] of Object.entries({ warmup_type, decay_type })) {
    if (!(type in rises)) {
      throw new ArgumentError(`unknown ${name} ${type}, expected 'linear', 'cosine' or '1-sqrt'`)
    }
  }
  const warmup = requireSteps('num_warmup_steps', options.num_warmup_steps)
  const decay = requireSteps('num_decay_steps', options.num_decay_steps)
  const stable = stableSteps(options)
  const factor = (step: number) => {
    if (step < warmup) return atLeast(min_lr_ratio, rises[warmup_type](share(step, warmup)))
    if (step < warmup + stable) return 1
    if (step >= warmup + stable + decay) return min_lr_ratio
    return atLeast(min_lr_ratio, falls[decay_type](share(step - warmup - stable, decay), num_cycles))
  }
  return new LambdaLR(optimizer, factor, { last_epoch: options.last_epoch })
}

function stableSteps(options: WarmupStableDecayOptions): number {
  const { num_stable_steps: stable, num_training_steps: total } = options
  if (typeof stable === 'number') return stable
  if (typeof total === 'number') return total - options.num_warmup_steps - options.num_decay_steps
  throw new ArgumentError('either num_training_steps or num_stable_steps must be given')
}
