/** torch.optim.lr_scheduler.CyclicLR (Smith, Cyclical Learning Rates, 2017). */

import { ArgumentError } from '../../../errors.js'
import type { Optimizer } from '../optimizer.js'
import { type MomentumOptions, setMomentum, startMomentum } from './momentum.js'
import { LRScheduler, perGroup, type SchedulerOptions, type SchedulerState } from './scheduler.js'

export interface CyclicOptions extends SchedulerOptions, MomentumOptions {
  /** Steps of the rise; default 2000. */
  step_size_up?: number
  /** Steps of the fall; default as many. */
  step_size_down?: number | null
  mode?: 'triangular' | 'triangular2' | 'exp_range'
  /** Base of `exp_range`; default 1. */
  gamma?: number
  /** Replaces `mode`. */
  scale_fn?: ((x: number) => number) | null
  /** What `scale_fn` gets: the number of the cycle, or of the step. */
  scale_mode?: 'cycle' | 'iterations'
}

const scales = {
  triangular: { mode: 'cycle', scale: () => 1 },
  triangular2: { mode: 'cycle', scale: (x: number) => 1 / 2 ** (x - 1) },
  exp_range: { mode: 'iterations', scale: (x: number, gamma: number) => gamma ** x },
} as const

/** Up and down between two learning rates, with momentum going the other way. */
export class CyclicLR extends LRScheduler {
  declare max_lrs: number[]
  declare total_size: number
  declare step_ratio: number
  declare mode: keyof typeof scales
  declare gamma: number
  declare scale_mode: 'cycle' | 'iterations'
  declare cycle_momentum: boolean
  declare use_beta1: boolean
  declare base_momentums: number[]
  declare max_momentums: number[]
  declare _scale_fn_custom: ((x: number) => number) | null

  /** @throws ArgumentError for an unknown mode, or an optimizer without momentum while `cycle_momentum`. */
  constructor(
    optimizer: Optimizer,
    base_lr: number | readonly number[],
    max_lr: number | readonly number[],
    options: CyclicOptions = {},
  ) {
    const {
      mode = 'triangular',
      gamma = 1,
      scale_fn = null,
      last_epoch = -1,
      cycle_momentum = true,
    } = options
    const up = options.step_size_up ?? 2000
    const total_size = up + (options.step_size_down ?? up)
    if (!(mode in scales) && scale_fn === null) {
      throw new ArgumentError(`mode is '${mode}', but must be one of ${Object.keys(scales).join(', ')}`, {
        hint: 'or pass scale_fn',
      })
    }
    const base_lrs = perGroup(optimizer, 'base_lr', base_lr)
    if (last_epoch === -1) {
      optimizer.param_groups.forEach((group, i) => {
        group.lr = base_lrs[i] as number
      })
    }
    const limits = { base_momentum: 0.8, max_momentum: 0.9, ...options }
    super(optimizer, options, {
      max_lrs: perGroup(optimizer, 'max_lr', max_lr),
      total_size,
      step_ratio: up / total_size,
      mode,
      gamma,
      _scale_fn_custom: scale_fn,
      scale_mode: scale_fn === null ? scales[mode].mode : (options.scale_mode ?? 'cycle'),
      cycle_momentum,
      ...(cycle_momentum ? startMomentum(optimizer, limits, last_epoch === -1) : {}),
    })
    this.base_lrs = base_lrs
  }

  scale_fn(x: number): number {
    return this._scale_fn_custom ? this._scale_fn_custom(x) : scales[this.mode].scale(x, this.gamma)
  }

  override get_lr(): number[] {
    const cycle = Math.floor(1 + this.last_epoch / this.total_size)
    const x = 1 + this.last_epoch / this.total_size - cycle
    const position = x <= this.step_ratio ? x / this.step_ratio : (x - 1) / (this.step_ratio - 1)
    const scale = this.scale_fn(this.scale_mode === 'cycle' ? cycle : this.last_epoch)
    if (this.cycle_momentum) {
      this.optimizer.param_groups.forEach((group, i) => {
        const [base, max] = [this.base_momentums[i] as number, this.max_momentums[i] as number]
        setMomentum(group, max - (max - base) * position * scale, this.use_beta1)
      })
    }
    return this.base_lrs.map((base, i) => base + ((this.max_lrs[i] as number) - base) * position * scale)
  }

  /** A function given as `scale_fn` is not saved. */
  override state_dict(): SchedulerState {
    const { _scale_fn_custom: _, ...state } = this
    return structuredClone({ ...state, _scale_fn_custom: null }) as SchedulerState
  }

  override load_state_dict({ _scale_fn_custom: _, ...state }: SchedulerState): void {
    super.load_state_dict(state)
  }
}
