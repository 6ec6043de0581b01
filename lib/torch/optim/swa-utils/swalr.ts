/** torch.optim.swa_utils.SWALR: from the present learning rates to a fixed one, which is then kept. */

import { ArgumentError } from '../../../errors.js'
import { LRScheduler, perGroup, type SchedulerOptions } from '../lr-scheduler/scheduler.js'
import type { Optimizer } from '../optimizer.js'

export interface SWALROptions extends SchedulerOptions {
  /** Steps of the way there; default 10. */
  anneal_epochs?: number
  anneal_strategy?: 'cos' | 'linear'
}

const anneal = {
  cos: (t: number) => (1 - Math.cos(Math.PI * t)) / 2,
  linear: (t: number) => t,
}

export class SWALR extends LRScheduler {
  declare _anneal_strategy: keyof typeof anneal
  declare anneal_epochs: number

  /** @throws ArgumentError for an unknown strategy, or steps that are no whole number of at least 0. */
  constructor(optimizer: Optimizer, swa_lr: number | readonly number[], options: SWALROptions = {}) {
    const { anneal_epochs = 10, anneal_strategy = 'cos' } = options
    if (!(anneal_strategy in anneal)) {
      throw new ArgumentError(`anneal_strategy is '${anneal_strategy}', but must be 'cos' or 'linear'`)
    }
    if (!Number.isInteger(anneal_epochs) || anneal_epochs < 0) {
      throw new ArgumentError(`anneal_epochs is ${anneal_epochs}, but must be a whole number of at least 0`)
    }
    const rates = perGroup(optimizer, 'swa_lr', swa_lr)
    optimizer.param_groups.forEach((group, i) => {
      group.swa_lr = rates[i]
    })
    super(optimizer, options, { _anneal_strategy: anneal_strategy, anneal_epochs })
  }

  override get_lr(): number[] {
    const step = this.anneal_epochs === 0 ? Math.max(1, this._step_count - 1) : this._step_count - 1
    const share = (at: number) => {
      const t = Math.max(0, Math.min(1, at / Math.max(1, this.anneal_epochs)))
      return anneal[this._anneal_strategy](t)
    }
    const [before, now] = [share(step - 1), share(step)]
    return this.optimizer.param_groups.map((group) => {
      const target = group.swa_lr as number
      const initial = before === 1 ? target : (group.lr - before * target) / (1 - before)
      return target * now + initial * (1 - now)
    })
  }
}
