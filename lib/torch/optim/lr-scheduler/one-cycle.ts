/** torch.optim.lr_scheduler.OneCycleLR (Smith and Topin, Super-Convergence, 2018). */

import { ArgumentError } from '../../../errors.js'
import type { Optimizer, ParamGroup } from '../optimizer.js'
import { type MomentumOptions, setMomentum, startMomentum } from './momentum.js'
import { LRScheduler, perGroup, type SchedulerOptions } from './scheduler.js'

export interface OneCycleOptions extends SchedulerOptions, MomentumOptions {
  /** Steps of the cycle; or `epochs` times `steps_per_epoch`. */
  total_steps?: number | null
  epochs?: number | null
  steps_per_epoch?: number | null
  /** Share of the steps in which the rate rises; default 0.3. */
  pct_start?: number
  anneal_strategy?: 'cos' | 'linear'
  /** The first rate is `max_lr` divided by this; default 25. */
  div_factor?: number
  /** The last rate is the first one divided by this; default 1e4. */
  final_div_factor?: number
  /** Fall to the first rate as fast as it rose, and then to the last. */
  three_phase?: boolean
}

type Rate = 'initial_lr' | 'max_lr' | 'min_lr'
type Momentum = 'base_momentum' | 'max_momentum'

interface Phase {
  end_step: number
  start_lr: Rate
  end_lr: Rate
  start_momentum: Momentum
  end_momentum: Momentum
}

const anneal = {
  cos: (start: number, end: number, share: number) =>
    end + ((start - end) / 2) * (Math.cos(Math.PI * share) + 1),
  linear: (start: number, end: number, share: number) => (end - start) * share + start,
}

/** One rise and one fall over all of training, with momentum going the other way. */
export class OneCycleLR extends LRScheduler {
  declare total_steps: number
  declare _schedule_phases: Phase[]
  declare _anneal_func_type: keyof typeof anneal
  declare cycle_momentum: boolean
  declare use_beta1: boolean

  /** @throws ArgumentError for options outside their range, or an optimizer without momentum. */
  constructor(optimizer: Optimizer, max_lr: number | readonly number[], options: OneCycleOptions = {}) {
    const { pct_start = 0.3, anneal_strategy = 'cos', cycle_momentum = true, last_epoch = -1 } = options
    const { div_factor = 25, final_div_factor = 1e4 } = options
    const total_steps = totalSteps(options)
    if (!(pct_start >= 0 && pct_start <= 1)) {
      throw new ArgumentError(`pct_start is ${pct_start}, but must lie in [0, 1]`)
    }
    if (!(anneal_strategy in anneal)) {
      throw new ArgumentError(`anneal_strategy is '${anneal_strategy}', but must be 'cos' or 'linear'`)
    }
    const max_lrs = perGroup(optimizer, 'max_lr', max_lr)
    const fresh = last_epoch === -1
    if (fresh) {
      optimizer.param_groups.forEach((group, i) => {
        const max = max_lrs[i] as number
        group.initial_lr = max / div_factor
        group.max_lr = max
        group.min_lr = group.initial_lr / final_div_factor
      })
    }
    const limits = { base_momentum: 0.85, max_momentum: 0.95, ...options }
    super(optimizer, options, {
      total_steps,
      _schedule_phases: phases(pct_start, total_steps, options.three_phase ?? false),
      _anneal_func_type: anneal_strategy,
      cycle_momentum,
      ...(cycle_momentum ? { use_beta1: startMomentum(optimizer, limits, fresh).use_beta1 } : {}),
    })
  }

  /** @throws ArgumentError past the last step. */
  override get_lr(): number[] {
    const step = this.last_epoch
    if (step > this.total_steps) {
      throw new ArgumentError(`step ${step} is beyond the ${this.total_steps} of the cycle`, {
        hint: 'raise total_steps, or stop calling step()',
      })
    }
    const found = this._schedule_phases.findIndex((phase) => step <= phase.end_step)
    const index = found === -1 ? this._schedule_phases.length - 1 : found
    const phase = this._schedule_phases[index] as Phase
    const start = this._schedule_phases[index - 1]?.end_step ?? 0
    const share = (step - start) / (phase.end_step - start)
    const between = (group: ParamGroup<object>, from: Rate | Momentum, to: Rate | Momentum) =>
      anneal[this._anneal_func_type](group[from] as number, group[to] as number, share)
    return this.optimizer.param_groups.map((group) => {
      if (this.cycle_momentum) {
        setMomentum(group, between(group, phase.start_momentum, phase.end_momentum), this.use_beta1)
      }
      return between(group, phase.start_lr, phase.end_lr)
    })
  }
}

function totalSteps({ total_steps, epochs, steps_per_epoch }: OneCycleOptions): number {
  const total = total_steps ?? (epochs && steps_per_epoch ? epochs * steps_per_epoch : undefined)
  if (total !== undefined && Number.isInteger(total) && total > 0) return total
  throw new ArgumentError(`expected a positive whole number of steps, got ${total}`, {
    hint: 'pass total_steps, or epochs and steps_per_epoch',
  })
}

function phases(pct_start: number, total_steps: number, three_phase: boolean): Phase[] {
  const rise: Phase = {
    end_step: pct_start * total_steps - 1,
    start_lr: 'initial_lr',
    end_lr: 'max_lr',
    start_momentum: 'max_momentum',
    end_momentum: 'base_momentum',
  }
  const fall = { start_momentum: 'base_momentum', end_momentum: 'max_momentum' } as const
  const last: Phase = { end_step: total_steps - 1, start_lr: 'max_lr', end_lr: 'min_lr', ...fall }
  if (!three_phase) return [rise, last]
  return [
    rise,
    { end_step: 2 * pct_start * total_steps - 2, start_lr: 'max_lr', end_lr: 'initial_lr', ...fall },
    { ...last, start_lr: 'initial_lr', start_momentum: 'max_momentum' },
  ]
}
