/** torch.optim.lr_scheduler.ReduceLROnPlateau: a lower learning rate when a metric stops improving. */

import { ArgumentError } from '../../../errors.js'
import type { Optimizer } from '../optimizer.js'
import { perGroup, Schedule, type SchedulerState } from './scheduler.js'

export interface PlateauOptions {
  /** Whether less (default) or more is better. */
  mode?: 'min' | 'max'
  /** Factor of a reduction, below 1; default 0.1. */
  factor?: number
  /** Steps without improvement that are let pass; default 10. */
  patience?: number
  /** How much counts as better; default 1e-4. */
  threshold?: number
  /** Whether the threshold is a share of the best value or a difference. */
  threshold_mode?: 'rel' | 'abs'
  /** Steps after a reduction that do not count; default 0. */
  cooldown?: number
  min_lr?: number | readonly number[]
  /** A reduction by less than this is left out; default 1e-8. */
  eps?: number
}

export class ReduceLROnPlateau extends Schedule {
  declare factor: number
  declare default_min_lr: number | null
  declare min_lrs: number[]
  declare patience: number
  declare cooldown: number
  declare eps: number
  declare last_epoch: number
  declare mode_worse: number
  declare mode: 'min' | 'max'
  declare threshold: number
  declare threshold_mode: 'rel' | 'abs'
  declare best: number
  declare cooldown_counter: number
  declare num_bad_epochs: number

  /** @throws ArgumentError for a factor of 1 or more, and unknown modes. */
  constructor(optimizer: Optimizer, options: PlateauOptions = {}) {
    const { mode = 'min', factor = 0.1, threshold_mode = 'rel', min_lr = 0 } = options
    if (!(factor < 1)) throw new ArgumentError(`factor is ${factor}, but must be below 1`)
    if (mode !== 'min' && mode !== 'max')
      throw new ArgumentError(`mode ${mode} is unknown: use 'min' or 'max'`)
    if (threshold_mode !== 'rel' && threshold_mode !== 'abs') {
      throw new ArgumentError(`threshold mode ${threshold_mode} is unknown: use 'rel' or 'abs'`)
    }
    super(optimizer)
    this.factor = factor
    this.default_min_lr = typeof min_lr === 'number' ? min_lr : null
    this.min_lrs = perGroup(optimizer, 'min_lr', min_lr)
    this.patience = options.patience ?? 10
    this.cooldown = options.cooldown ?? 0
    this.eps = options.eps ?? 1e-8
    this.last_epoch = 0
    this.readRates()
    this.mode_worse = mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
    this.mode = mode
    this.threshold = options.threshold ?? 1e-4
    this.threshold_mode = threshold_mode
    this._reset()
  }

  get in_cooldown(): boolean {
    return this.cooldown_counter > 0
  }

  _reset(): void {
    this.best = this.mode_worse
    this.cooldown_counter = 0
    this.num_bad_epochs = 0
  }

  /** @param metrics the value to watch: a number, or a tensor's `item()`. */
  override step(metrics: number): void {
    if (typeof metrics !== 'number') {
      throw new ArgumentError('ReduceLROnPlateau.step takes the metric as a number', {
        hint: 'scheduler.step(loss.item())',
      })
    }
    this.last_epoch++
    if (this.#isBetter(metrics)) {
      this.best = metrics
      this.num_bad_epochs = 0
    } else this.num_bad_epochs++
    if (this.in_cooldown) {
      this.cooldown_counter--
      this.num_bad_epochs = 0
    }
    if (this.num_bad_epochs > this.patience) {
      this.#reduce()
      this.cooldown_counter = this.cooldown
      this.num_bad_epochs = 0
    }
    this.readRates()
  }

  /** JSON has no infinity: a `best` that became null there is the worst value. */
  override load_state_dict(state: SchedulerState): void {
    super.load_state_dict(state)
    this.mode_worse = this.mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
    this.best ??= this.mode_worse
  }

  #isBetter(value: number): boolean {
    const { best, threshold, mode } = this
    if (this.threshold_mode === 'rel') {
      return mode === 'min' ? value < best * (1 - threshold) : value > best * (threshold + 1)
    }
    return mode === 'min' ? value < best - threshold : value > best + threshold
  }

  #reduce(): void {
    const { param_groups } = this.optimizer
    if (param_groups.length !== this.min_lrs.length) {
      if (this.default_min_lr === null) {
        throw new ArgumentError(
          `min_lrs has ${this.min_lrs.length} values for ${param_groups.length} parameter groups`,
          { hint: 'add one to scheduler.min_lrs for each group added since' },
        )
      }
      this.min_lrs = perGroup(this.optimizer, 'min_lr', this.default_min_lr)
    }
    param_groups.forEach((group, i) => {
      const lower = Math.max(group.lr * this.factor, this.min_lrs[i] as number)
      if (group.lr - lower > this.eps) group.lr = lower
    })
  }
}
