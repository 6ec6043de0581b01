/** Schedules over a first number of steps. */

import { ArgumentError } from '../../../errors.js'
import type { Optimizer } from '../optimizer.js'
import { LRScheduler, type SchedulerOptions } from './scheduler.js'

export interface ConstantOptions extends SchedulerOptions {
  /** Factor until then, in [0, 1]; default 1/3. */
  factor?: number
  /** Steps; default 5. */
  total_iters?: number
}

/** torch.optim.lr_scheduler.ConstantLR: a factor for the first `total_iters` steps. */
export class ConstantLR extends LRScheduler {
  declare factor: number
  declare total_iters: number

  /** @throws ArgumentError for a factor outside [0, 1]. */
  constructor(optimizer: Optimizer, options: ConstantOptions = {}) {
    const { factor = 1 / 3, total_iters = 5 } = options
    requireFactor('factor', factor, factor >= 0 && factor <= 1, '[0, 1]')
    super(optimizer, options, { factor, total_iters })
  }

  override get_lr(): number[] {
    if (this.last_epoch === 0) return this.scaled(this.factor)
    return this.last_epoch === this.total_iters ? this.scaled(1 / this.factor) : this.current()
  }

  override _get_closed_form_lr(): number[] {
    return this.scaledBase(this.factor + Number(this.last_epoch >= this.total_iters) * (1 - this.factor))
  }
}

export interface LinearOptions extends SchedulerOptions {
  /** Factor of the first step, in (0, 1]; default 1/3. */
  start_factor?: number
  /** Factor of the last step, in [0, 1]; default 1. */
  end_factor?: number
  /** Steps; default 5. */
  total_iters?: number
}

/** torch.optim.lr_scheduler.LinearLR: from one factor to another, linearly. */
export class LinearLR extends LRScheduler {
  declare start_factor: number
  declare end_factor: number
  declare total_iters: number

  /** @throws ArgumentError for factors outside their range. */
  constructor(optimizer: Optimizer, options: LinearOptions = {}) {
    const { start_factor = 1 / 3, end_factor = 1, total_iters = 5 } = options
    requireFactor('start_factor', start_factor, start_factor > 0 && start_factor <= 1, '(0, 1]')
    requireFactor('end_factor', end_factor, end_factor >= 0 && end_factor <= 1, '[0, 1]')
    super(optimizer, options, { start_factor, end_factor, total_iters })
  }

  override get_lr(): number[] {
    if (this.last_epoch === 0) return this.scaled(this.start_factor)
    if (this._is_initial || this.last_epoch > this.total_iters) return this.current()
    const range = this.end_factor - this.start_factor
    return this.scaled(1 + range / (this.total_iters * this.start_factor + (this.last_epoch - 1) * range))
  }

  override _get_closed_form_lr(): number[] {
    const { start_factor, end_factor, total_iters, last_epoch } = this
    return this.scaledBase(
      start_factor + ((end_factor - start_factor) * Math.min(total_iters, last_epoch)) / total_iters,
    )
  }
}

export interface PolynomialOptions extends SchedulerOptions {
  /** Steps; default 5. */
  total_iters?: number
  /** Default 1. */
  power?: number
}

/** torch.optim.lr_scheduler.PolynomialLR: to zero by a power of what remains. */
export class PolynomialLR extends LRScheduler {
  declare total_iters: number
  declare power: number

  constructor(optimizer: Optimizer, options: PolynomialOptions = {}) {
    const { total_iters = 5, power = 1 } = options
    super(optimizer, options, { total_iters, power })
  }

  override get_lr(): number[] {
    if (this._is_initial || this.last_epoch > this.total_iters) return this.current()
    const remaining = (step: number) => 1 - step / this.total_iters
    return this.scaled((remaining(this.last_epoch) / remaining(this.last_epoch - 1)) ** this.power)
  }

  override _get_closed_form_lr(): number[] {
    const { total_iters, last_epoch, power } = this
    return this.scaledBase((1 - Math.min(total_iters, last_epoch) / total_iters) ** power)
  }
}

function requireFactor(name: string, value: number, valid: boolean, range: string): void {
  if (!valid) throw new ArgumentError(`${name} is ${value}, but must lie in ${range}`)
}
