/** transformers.get_scheduler: a schedule by its name. */

import { ArgumentError } from '../../errors.js'
import type { LambdaLR, ReduceLROnPlateau } from '../../torch/optim/lr-scheduler/index.js'
import type { Optimizer } from '../../torch/optim/optimizer.js'
import {
  get_constant_schedule,
  get_constant_schedule_with_warmup,
  get_inverse_sqrt_schedule,
  get_reduce_on_plateau_schedule,
} from './constant.js'
import {
  get_cosine_schedule_with_warmup,
  get_cosine_with_hard_restarts_schedule_with_warmup,
  get_cosine_with_min_lr_schedule_with_warmup,
  get_cosine_with_min_lr_schedule_with_warmup_lr_rate,
} from './cosine.js'
import { get_linear_schedule_with_warmup, get_polynomial_decay_schedule_with_warmup } from './linear.js'
import { requireSteps } from './warmup.js'
import { get_wsd_schedule } from './warmup-stable-decay.js'

const schedules = {
  linear: { make: get_linear_schedule_with_warmup, needs: ['num_warmup_steps', 'num_training_steps'] },
  cosine: { make: get_cosine_schedule_with_warmup, needs: ['num_warmup_steps', 'num_training_steps'] },
  cosine_with_restarts: {
    make: get_cosine_with_hard_restarts_schedule_with_warmup,
    needs: ['num_warmup_steps', 'num_training_steps'],
  },
  polynomial: {
    make: get_polynomial_decay_schedule_with_warmup,
    needs: ['num_warmup_steps', 'num_training_steps'],
  },
  constant: { make: get_constant_schedule, needs: [] },
  constant_with_warmup: { make: get_constant_schedule_with_warmup, needs: ['num_warmup_steps'] },
  inverse_sqrt: { make: get_inverse_sqrt_schedule, needs: ['num_warmup_steps'] },
  reduce_lr_on_plateau: { make: get_reduce_on_plateau_schedule, needs: [] },
  cosine_with_min_lr: {
    make: get_cosine_with_min_lr_schedule_with_warmup,
    needs: ['num_warmup_steps', 'num_training_steps'],
  },
  cosine_warmup_with_min_lr: {
    make: get_cosine_with_min_lr_schedule_with_warmup_lr_rate,
    needs: ['num_warmup_steps', 'num_training_steps'],
  },
  warmup_stable_decay: { make: get_wsd_schedule, needs: ['num_warmup_steps'] },
} as const

/** Names of the schedules: the values of `TrainingArguments.lr_scheduler_type`. */
export type SchedulerType = keyof typeof schedules

/** All of them. */
export const schedulerTypes = Object.keys(schedules) as SchedulerType[]

export interface GetSchedulerOptions {
  num_warmup_steps?: number
  num_training_steps?: number
  /** Further options of the schedule: `num_cycles`, `power`, `lr_end`, `min_lr`, `num_decay_steps`, `patience`, … */
  scheduler_specific_kwargs?: Readonly<Record<string, unknown>>
}

/**
 * transformers.get_scheduler.
 *
 * @throws ArgumentError for an unknown name, or when steps that the schedule needs are missing.
 */
export function get_scheduler(
  name: SchedulerType,
  optimizer: Optimizer,
  options: GetSchedulerOptions = {},
): LambdaLR | ReduceLROnPlateau {
  if (!Object.hasOwn(schedules, name)) {
    throw new ArgumentError(`there is no schedule '${name}'`, { hint: `use ${schedulerTypes.join(', ')}` })
  }
  const { make, needs } = schedules[name]
  for (const key of needs) requireSteps(key, options[key])
  const { scheduler_specific_kwargs = {}, ...steps } = options
  // As in Transformers: a plateau knows no steps.
  const given =
    name === 'reduce_lr_on_plateau' ? scheduler_specific_kwargs : { ...steps, ...scheduler_specific_kwargs }
  return (make as (optimizer: Optimizer, options: object) => LambdaLR | ReduceLROnPlateau)(optimizer, given)
}
