/** What the learning-rate schedules of torch.optim.lr_scheduler have in common. */

import { ArgumentError } from '../../../errors.js'
import { Optimizer } from '../optimizer.js'

/** State as plain data, with the keys of Python's `state_dict()`. */
export type SchedulerState = Record<string, unknown>

/** An optimizer and the rates that a schedule set last. Own properties are its state, named as in Python. */
export abstract class Schedule {
  /** The learning rates in use, by group. */
  declare _last_lr: number[]
  readonly #optimizer: Optimizer

  protected constructor(optimizer: Optimizer) {
    if (!(optimizer instanceof Optimizer)) throw new ArgumentError('a schedule takes an Optimizer first')
    this.#optimizer = optimizer
  }

  get optimizer(): Optimizer {
    return this.#optimizer
  }

  /** Moves to the next step; call it after `optimizer.step()`. */
  abstract step(metrics?: number): void

  /** The learning rates in use, by group. */
  get_last_lr(): number[] {
    return [...this._last_lr]
  }

  /** Everything but the optimizer and functions. */
  state_dict(): SchedulerState {
    return structuredClone({ ...this }) as SchedulerState
  }

  /** As in Python, the optimizer's groups stay as they are: load its own state too. */
  load_state_dict(state: SchedulerState): void {
    Object.assign(this, structuredClone(state))
  }

  /** Sets the rates of step 0. */
  _initial_step(): void {
    this.step()
  }

  /** Takes up a schedule at a step; combined schedules use it. */
  _update_lr(_epoch?: number): void {
    throw new ArgumentError(`${this.constructor.name} can only be the first of a SequentialLR`)
  }

  /** Moves schedules back by the step that making them took. */
  _undo(): void {}

  protected setRates(values: readonly number[]): void {
    this.optimizer.param_groups.forEach((group, i) => {
      group.lr = values[i] as number
    })
    this.readRates()
  }

  protected readRates(): void {
    this._last_lr = this.optimizer.param_groups.map((group) => group.lr)
  }
}

/** Options of every schedule. */
export interface SchedulerOptions {
  /** Last step done when resuming; default -1: a fresh start. */
  last_epoch?: number
}

/**
 * torch.optim.lr_scheduler.LRScheduler. Subclasses give `get_lr`, the rates at `last_epoch`, and hand their settings to
 * this constructor, because the first rates are set in it.
 */
export abstract class LRScheduler extends Schedule {
  declare base_lrs: number[]
  declare last_epoch: number
  declare _step_count: number
  declare _is_initial: boolean
  declare _get_lr_called_within_step: boolean

  /** @throws ArgumentError when resuming with groups that have no `initial_lr`. */
  constructor(optimizer: Optimizer, options: SchedulerOptions = {}, settings: object = {}) {
    super(optimizer)
    const { last_epoch = -1 } = options
    Object.assign(this, settings)
    optimizer.param_groups.forEach((group, i) => {
      if (last_epoch === -1) group.initial_lr ??= group.lr
      else if (group.initial_lr === undefined) {
        throw new ArgumentError(`param 'initial_lr' is not specified in param_groups[${i}] when resuming`, {
          hint: 'load the state of the optimizer first, or leave last_epoch out',
        })
      }
    })
    this.base_lrs = optimizer.param_groups.map((group) => group.initial_lr as number)
    this.last_epoch = last_epoch
    this._step_count = 0
    this._is_initial = false
    this._get_lr_called_within_step = false
    this._initial_step()
  }

  /** The rates at `last_epoch`, by group. */
  abstract get_lr(): number[]

  /** The rates at `last_epoch` without those before, where a formula is known. */
  _get_closed_form_lr?(): number[]

  override step(): void {
    this._step_count++
    this._update_lr()
  }

  override _initial_step(): void {
    this._step_count = 0
    this._is_initial = true
    this.step()
    this._is_initial = false
  }

  override _update_lr(epoch?: number): void {
    if (epoch === undefined) this.last_epoch++
    else this.last_epoch = epoch
    const values = epoch === undefined ? this.get_lr() : (this._get_closed_form_lr?.() ?? this.get_lr())
    this.setRates(values)
  }

  override _undo(): void {
    this.last_epoch--
  }

  /** The rates of the groups as they are. */
  protected current(): number[] {
    return this.optimizer.param_groups.map((group) => group.lr)
  }

  /** The rates of the groups times a factor. */
  protected scaled(factor: number): number[] {
    return this.optimizer.param_groups.map((group) => group.lr * factor)
  }

  /** The initial rates times a factor. */
  protected scaledBase(factor: number): number[] {
    return this.base_lrs.map((base) => base * factor)
  }
}

/** One value for each group. */
export function perGroup<T>(optimizer: Optimizer, name: string, value: T | readonly T[]): T[] {
  const count = optimizer.param_groups.length
  if (!Array.isArray(value)) return optimizer.param_groups.map(() => value as T)
  if (value.length !== count) {
    throw new ArgumentError(`${name} has ${value.length} values for ${count} parameter groups`, {
      hint: 'give one value, or one for each group',
    })
  }
  return [...value]
}
