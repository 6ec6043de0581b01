/** torch.optim.lr_scheduler: learning rates over time. */

import { ArgumentError } from '../../errors.js'
import type { Optimizer } from './optimizer.js'

/** The factor on the initial learning rate at a step. */
export type LrLambda = (step: number) => number

/** State as plain data, of the shape of Python's. */
export interface LambdaLrState {
  base_lrs: number[]
  last_epoch: number
  _step_count: number
  _last_lr: number[]
}

/** torch.optim.lr_scheduler.LambdaLR: each group's initial learning rate times a function of the step. */
export class LambdaLR {
  readonly base_lrs: number[]
  last_epoch: number
  #stepCount = 0
  readonly #lambdas: LrLambda[]

  constructor(
    readonly optimizer: Optimizer,
    lr_lambda: LrLambda | readonly LrLambda[],
    options: { last_epoch?: number } = {},
  ) {
    const { param_groups } = optimizer
    this.#lambdas = typeof lr_lambda === 'function' ? param_groups.map(() => lr_lambda) : [...lr_lambda]
    if (this.#lambdas.length !== param_groups.length) {
      throw new ArgumentError(`expected ${param_groups.length} lr_lambdas, got ${this.#lambdas.length}`)
    }
    this.last_epoch = options.last_epoch ?? -1
    for (const group of param_groups) {
      if (this.last_epoch === -1) group.initial_lr = group.lr
      else if (group.initial_lr === undefined) {
        throw new ArgumentError(
          "param 'initial_lr' is not specified in a param group when resuming a schedule",
        )
      }
    }
    this.base_lrs = param_groups.map((group) => group.initial_lr as number)
    this.step()
  }

  /** Moves to the next step; call it after `optimizer.step()`. */
  step(): void {
    this.#stepCount++
    this.last_epoch++
    this.optimizer.param_groups.forEach((group, i) => {
      group.lr = (this.base_lrs[i] as number) * (this.#lambdas[i] as LrLambda)(this.last_epoch)
    })
  }

  /** The learning rates in use, by group. */
  get_last_lr(): number[] {
    return this.optimizer.param_groups.map((group) => group.lr)
  }

  state_dict(): LambdaLrState {
    return {
      base_lrs: [...this.base_lrs],
      last_epoch: this.last_epoch,
      _step_count: this.#stepCount,
      _last_lr: this.get_last_lr(),
    }
  }

  load_state_dict(state: LambdaLrState): void {
    this.base_lrs.splice(0, this.base_lrs.length, ...state.base_lrs)
    this.last_epoch = state.last_epoch
    this.#stepCount = state._step_count
    this.optimizer.param_groups.forEach((group, i) => {
      group.lr = state._last_lr[i] as number
    })
  }
}
