/** Schedules that decay by a factor at steps. */

import type { Optimizer } from '../optimizer.js'
import { LRScheduler, type SchedulerOptions } from './scheduler.js'

export interface GammaOptions extends SchedulerOptions {
  /** Factor of one decay; default 0.1. */
  gamma?: number
}

/** torch.optim.lr_scheduler.StepLR: decays every `step_size` steps. */
export class StepLR extends LRScheduler {
  declare step_size: number
  declare gamma: number

  constructor(optimizer: Optimizer, step_size: number, options: GammaOptions = {}) {
    super(optimizer, options, { step_size, gamma: options.gamma ?? 0.1 })
  }

  override get_lr(): number[] {
    if (this.last_epoch === 0 || this.last_epoch % this.step_size !== 0) return this.current()
    return this.scaled(this.gamma)
  }

  override _get_closed_form_lr(): number[] {
    return this.scaledBase(this.gamma ** Math.floor(this.last_epoch / this.step_size))
  }
}

/** torch.optim.lr_scheduler.MultiStepLR: decays at each of the milestones, twice where one stands twice. */
export class MultiStepLR extends LRScheduler {
  /** How often each step is a milestone. */
  declare milestones: Record<number, number>
  declare gamma: number

  constructor(optimizer: Optimizer, milestones: Iterable<number>, options: GammaOptions = {}) {
    const counts: Record<number, number> = {}
    for (const milestone of milestones) counts[milestone] = (counts[milestone] ?? 0) + 1
    super(optimizer, options, { milestones: counts, gamma: options.gamma ?? 0.1 })
  }

  override get_lr(): number[] {
    const count = this.milestones[this.last_epoch]
    return count === undefined ? this.current() : this.scaled(this.gamma ** count)
  }

  override _get_closed_form_lr(): number[] {
    const passed = Object.entries(this.milestones).filter(
      ([milestone]) => Number(milestone) <= this.last_epoch,
    )
    return this.scaledBase(this.gamma ** passed.reduce((sum, [, count]) => sum + count, 0))
  }
}

/** torch.optim.lr_scheduler.ExponentialLR: decays at every step. */
export class ExponentialLR extends LRScheduler {
  declare gamma: number

  constructor(optimizer: Optimizer, gamma: number, options: SchedulerOptions = {}) {
    super(optimizer, options, { gamma })
  }

  override get_lr(): number[] {
    return this._is_initial ? this.current() : this.scaled(this.gamma)
  }

  override _get_closed_form_lr(): number[] {
    return this.scaledBase(this.gamma ** this.last_epoch)
  }
}
