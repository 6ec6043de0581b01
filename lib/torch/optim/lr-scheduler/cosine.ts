/** Schedules along a cosine (Loshchilov and Hutter, SGDR, 2017). */

import { ArgumentError } from '../../../errors.js'
import type { Optimizer } from '../optimizer.js'
import { LRScheduler, type SchedulerOptions } from './scheduler.js'

export interface CosineOptions extends SchedulerOptions {
  /** Least learning rate; default 0. */
  eta_min?: number
}

/** torch.optim.lr_scheduler.CosineAnnealingLR: half a cosine over `T_max` steps, and up again. */
export class CosineAnnealingLR extends LRScheduler {
  declare T_max: number
  declare eta_min: number

  constructor(optimizer: Optimizer, T_max: number, options: CosineOptions = {}) {
    super(optimizer, options, { T_max, eta_min: options.eta_min ?? 0 })
  }

  // The order of operations is PyTorch's: each rate is made from the one before, which rounding errors show.
  override get_lr(): number[] {
    const { T_max, eta_min, last_epoch } = this
    if (this._is_initial) return this.current()
    if (this._step_count === 1 && last_epoch > 0) {
      return this.base_lrs.map(
        (base) => eta_min + ((base - eta_min) * (1 + Math.cos((last_epoch * Math.PI) / T_max))) / 2,
      )
    }
    if ((last_epoch - 1 - T_max) % (2 * T_max) === 0) {
      const rise = 1 - Math.cos(Math.PI / T_max)
      return this.current().map((lr, i) => lr + (((this.base_lrs[i] as number) - eta_min) * rise) / 2)
    }
    const height = (step: number) => 1 + Math.cos((Math.PI * step) / T_max)
    const factor = height(last_epoch) / height(last_epoch - 1)
    return this.current().map((lr) => factor * (lr - eta_min) + eta_min)
  }

  override _get_closed_form_lr(): number[] {
    const { T_max, eta_min, last_epoch } = this
    return this.base_lrs.map(
      (base) => eta_min + ((base - eta_min) * (1 + Math.cos((Math.PI * last_epoch) / T_max))) / 2,
    )
  }
}

export interface WarmRestartOptions extends CosineOptions {
  /** Each period is this many times as long as the one before; default 1. */
  T_mult?: number
}

/** torch.optim.lr_scheduler.CosineAnnealingWarmRestarts: half cosines, each beginning anew at the top. */
export class CosineAnnealingWarmRestarts extends LRScheduler {
  declare T_0: number
  declare T_i: number
  declare T_mult: number
  declare eta_min: number
  declare T_cur: number

  /** @throws ArgumentError unless `T_0` and `T_mult` are whole and at least 1. */
  constructor(optimizer: Optimizer, T_0: number, options: WarmRestartOptions = {}) {
    const { T_mult = 1, eta_min = 0, last_epoch = -1 } = options
    requirePeriod('T_0', T_0)
    requirePeriod('T_mult', T_mult)
    super(optimizer, options, { T_0, T_i: T_0, T_mult, eta_min, T_cur: last_epoch })
  }

  override get_lr(): number[] {
    const { T_cur, T_i, eta_min } = this
    return this.base_lrs.map(
      (base) => eta_min + ((base - eta_min) * (1 + Math.cos((Math.PI * T_cur) / T_i))) / 2,
    )
  }

  /** @param epoch where to go on, fractions of a step too; default: the next step. */
  override step(epoch?: number): void {
    this._update_lr(epoch ?? (this.last_epoch < 0 ? 0 : undefined))
  }

  override _update_lr(epoch?: number): void {
    const at = epoch ?? this.last_epoch + 1
    if (epoch === undefined) {
      this.T_cur++
      if (this.T_cur >= this.T_i) {
        this.T_cur %= this.T_i
        this.T_i *= this.T_mult
      }
    } else Object.assign(this, position(epoch, this.T_0, this.T_mult))
    this.last_epoch = Math.floor(at)
    this.setRates(this.get_lr())
  }
}

/** Period and place in it of a step. */
function position(epoch: number, T_0: number, T_mult: number): { T_i: number; T_cur: number } {
  if (!(epoch >= 0)) throw new ArgumentError(`expected a step of at least 0, got ${epoch}`)
  if (epoch < T_0) return { T_i: T_0, T_cur: epoch }
  if (T_mult === 1) return { T_i: T_0, T_cur: epoch % T_0 }
  const n = Math.trunc(Math.log((epoch / T_0) * (T_mult - 1) + 1) / Math.log(T_mult))
  return { T_i: T_0 * T_mult ** n, T_cur: epoch - (T_0 * (T_mult ** n - 1)) / (T_mult - 1) }
}

function requirePeriod(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new ArgumentError(`${name} is ${value}, but must be a whole number of at least 1`)
  }
}
