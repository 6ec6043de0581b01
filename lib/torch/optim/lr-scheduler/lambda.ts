/** Schedules by a function of the step. */

import { ArgumentError } from '../../../errors.js'
import type { Optimizer } from '../optimizer.js'
import { LRScheduler, perGroup, type SchedulerOptions, type SchedulerState } from './scheduler.js'

/** A factor, by the step. */
export type LrLambda = (step: number) => number

abstract class FunctionScheduler extends LRScheduler {
  declare lr_lambdas: LrLambda[]

  /** @throws ArgumentError for what is no function, or as many of them as there are no groups. */
  constructor(
    optimizer: Optimizer,
    lr_lambda: LrLambda | readonly LrLambda[],
    options: SchedulerOptions = {},
  ) {
    const lr_lambdas = perGroup(optimizer, 'lr_lambda', lr_lambda)
    if (lr_lambdas.some((lambda) => typeof lambda !== 'function')) {
      throw new ArgumentError('lr_lambda should be a function, or one for each group')
    }
    super(optimizer, options, { lr_lambdas })
  }

  /** Functions are not saved: `lr_lambdas` holds null for each, as in Python. */
  override state_dict(): SchedulerState {
    const { lr_lambdas, ...state } = this
    return structuredClone({ ...state, lr_lambdas: lr_lambdas.map(() => null) }) as SchedulerState
  }

  override load_state_dict({ lr_lambdas: _, ...state }: SchedulerState): void {
    super.load_state_dict(state)
  }
}

/** torch.optim.lr_scheduler.LambdaLR: each group's initial learning rate times a function of the step. */
export class LambdaLR extends FunctionScheduler {
  override get_lr(): number[] {
    return this.base_lrs.map((base, i) => base * (this.lr_lambdas[i] as LrLambda)(this.last_epoch))
  }
}

/** torch.optim.lr_scheduler.MultiplicativeLR: each group's learning rate times a function of the step. */
export class MultiplicativeLR extends FunctionScheduler {
  override get_lr(): number[] {
    if (this._is_initial) return this.current()
    return this.current().map((lr, i) => lr * (this.lr_lambdas[i] as LrLambda)(this.last_epoch))
  }
}
