/** transformers.optimization: learning-rate schedules. */

export {
  get_constant_schedule,
  get_constant_schedule_with_warmup,
  get_inverse_sqrt_schedule,
  get_reduce_on_plateau_schedule,
  type InverseSqrtOptions,
} from './constant.js'
export {
  type CosineScheduleOptions,
  get_cosine_schedule_with_warmup,
  get_cosine_with_hard_restarts_schedule_with_warmup,
  get_cosine_with_min_lr_schedule_with_warmup,
  get_cosine_with_min_lr_schedule_with_warmup_lr_rate,
  type MinLrOptions,
  type WarmupRateOptions,
} from './cosine.js'
export {
  type GetSchedulerOptions,
  get_scheduler,
  type SchedulerType,
  schedulerTypes,
} from './get-scheduler.js'
export {
  get_linear_schedule_with_warmup,
  get_polynomial_decay_schedule_with_warmup,
  type PolynomialDecayOptions,
} from './linear.js'
export type { ResumeOptions, WarmupOnlyOptions, WarmupOptions } from './warmup.js'
export { get_wsd_schedule, type RampType, type WarmupStableDecayOptions } from './warmup-stable-decay.js'
