/** Schedules made of schedules. */

import { ArgumentError } from '../../../errors.js'
import type { Optimizer } from '../optimizer.js'
import { ReduceLROnPlateau } from './plateau.js'
import { Schedule, type SchedulerOptions, type SchedulerState } from './scheduler.js'

abstract class CombinedSchedule extends Schedule {
  readonly #schedulers: readonly Schedule[]

  constructor(optimizer: Optimizer | undefined, schedulers: readonly Schedule[]) {
    const owner = optimizer ?? schedulers[0]?.optimizer
    if (!owner) throw new ArgumentError('expected at least one schedule, got none')
    super(owner)
    schedulers.forEach((scheduler, i) => {
      if (scheduler instanceof ReduceLROnPlateau) {
        throw new ArgumentError(`schedule ${i} is a ReduceLROnPlateau, whose step needs a metric`, {
          hint: 'step it by itself',
        })
      }
      if (scheduler.optimizer !== owner) {
        throw new ArgumentError(`schedule ${i} belongs to another optimizer than the first`)
      }
    })
    this.#schedulers = [...schedulers]
  }

  get _schedulers(): readonly Schedule[] {
    return this.#schedulers
  }

  override state_dict(): SchedulerState {
    return { ...super.state_dict(), _schedulers: this._schedulers.map((schedule) => schedule.state_dict()) }
  }

  override load_state_dict({ _schedulers, ...state }: SchedulerState): void {
    super.load_state_dict(state)
    const states = _schedulers as SchedulerState[]
    this._schedulers.forEach((schedule, i) => {
      schedule.load_state_dict(states[i] as SchedulerState)
    })
  }

  override _initial_step(): void {
    // Of no use, but PyTorch's state of a combined schedule inside another holds them.
    Object.assign(this, { _step_count: 0, _is_initial: false })
    this.step()
  }

  override _undo(): void {
    for (const schedule of this._schedulers) schedule._undo()
  }
}

/** torch.optim.lr_scheduler.SequentialLR: one schedule after the other, changing at the milestones. */
export class SequentialLR extends CombinedSchedule {
  declare _milestones: number[]
  declare last_epoch: number

  /** @throws ArgumentError unless there is one milestone fewer than schedules, all of this optimizer. */
  constructor(
    optimizer: Optimizer,
    schedulers: readonly Schedule[],
    milestones: readonly number[],
    options: SchedulerOptions = {},
  ) {
    if (schedulers.length < 1) throw new ArgumentError('SequentialLR expects at least one schedule, got none')
    if (milestones.length !== schedulers.length - 1) {
      throw new ArgumentError(
        `${schedulers.length} schedules need ${schedulers.length - 1} milestones, got ${milestones.length}`,
      )
    }
    super(optimizer, schedulers)
    this._milestones = [...milestones]
    this.last_epoch = (options.last_epoch ?? -1) + 1
    // Making the schedules has set the rates of each in turn: back to the start, and only the first one's again.
    for (const group of optimizer.param_groups) group.lr = group.initial_lr as number
    this._undo()
    const first = schedulers[this.#indexAt(0)] as Schedule
    first._initial_step()
    this._last_lr = first.get_last_lr()
  }

  override step(): void {
    this.last_epoch++
    const index = this.#indexAt(this.last_epoch)
    const schedule = this._schedulers[index] as Schedule
    if (index > 0 && this._milestones[index - 1] === this.last_epoch) schedule._update_lr(0)
    else schedule.step()
    this._last_lr = schedule.get_last_lr()
  }

  #indexAt(step: number): number {
    return this._milestones.filter((milestone) => milestone <= step).length
  }
}

/** torch.optim.lr_scheduler.ChainedScheduler: several schedules at once, each scaling what the one before left. */
export class ChainedScheduler extends CombinedSchedule {
  constructor(schedulers: readonly Schedule[], options: { optimizer?: Optimizer } = {}) {
    super(options.optimizer, schedulers)
    this.readRates()
  }

  override step(): void {
    for (const schedule of this._schedulers) schedule.step()
    this.readRates()
  }
}
