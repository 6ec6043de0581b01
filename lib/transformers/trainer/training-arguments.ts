/** transformers TrainingArguments: how to train, evaluate, log and save. */

import { ArgumentError } from '../../errors.js'
import { type SchedulerType, schedulerTypes } from '../optimization/index.js'
import { type OptimizerName, optimizerNames } from './optimizers.js'

/** When something is done: never, every so many steps, or at the end of each epoch. */
export type IntervalStrategy = 'no' | 'steps' | 'epoch'

/** Names and defaults of Transformers 4.57. */
export interface TrainingFields {
  /** Where checkpoints and logs go. */
  output_dir: string
  /** Default `no`, or `steps` when `eval_steps` is given. */
  eval_strategy: IntervalStrategy
  /** Of evaluation and prediction: keep the loss alone, not the logits. */
  prediction_loss_only: boolean
  per_device_train_batch_size: number
  per_device_eval_batch_size: number
  /** Batches whose gradients are added up before an update. */
  gradient_accumulation_steps: number
  /** Epochs or steps, by `eval_strategy`, before the first evaluation. */
  eval_delay: number
  learning_rate: number
  /** Of all parameters but biases and those of normalization layers. */
  weight_decay: number
  adam_beta1: number
  adam_beta2: number
  adam_epsilon: number
  /** Gradients are scaled down to this norm; 0 leaves them. */
  max_grad_norm: number
  num_train_epochs: number
  /** Updates in all, instead of epochs; -1 when epochs count. */
  max_steps: number
  lr_scheduler_type: SchedulerType
  lr_scheduler_kwargs: Readonly<Record<string, unknown>>
  /** Part of all updates that the learning rate rises; `warmup_steps` goes before it. */
  warmup_ratio: number
  warmup_steps: number
  logging_strategy: IntervalStrategy
  logging_first_step: boolean
  /** Updates between logs; below 1, a part of all updates. */
  logging_steps: number
  /** A loss that is NaN or infinite counts as the mean of those before it. */
  logging_nan_inf_filter: boolean
  save_strategy: IntervalStrategy | 'best'
  /** Updates between checkpoints; below 1, a part of all updates. */
  save_steps: number
  /** Checkpoints that are kept, the newest first; the best one stays in any case. */
  save_total_limit: number | null
  /** Checkpoints without what resuming needs. */
  save_only_model: boolean
  seed: number
  /** Of the order of examples; default `seed`. */
  data_seed: number | null
  dataloader_drop_last: boolean
  /** Updates between evaluations; below 1, a part of all updates; default `logging_steps`. */
  eval_steps: number | null
  /** No progress bar. */
  disable_tqdm: boolean
  /** Names of the labels in a batch; default `labels`, or a question's `start_positions` and `end_positions`. */
  label_names: readonly string[] | null
  load_best_model_at_end: boolean
  /** Default `loss` where a best model is asked for. */
  metric_for_best_model: string | null
  /** Default: true unless the metric's name ends in `loss`. */
  greater_is_better: boolean | null
  /** When resuming, start with the first batches of the data again. */
  ignore_data_skip: boolean
  label_smoothing_factor: number
  optim: OptimizerName
  /** Batches of examples of similar length. */
  group_by_length: boolean
  /** Column that holds an example's length. */
  length_column_name: string
  /** Recompute layers in the backward pass, to save memory. */
  gradient_checkpointing: boolean
  /** Evaluate before the first update. */
  eval_on_start: boolean
}

const defaults: TrainingFields = {
  output_dir: 'trainer_output',
  eval_strategy: 'no',
  prediction_loss_only: false,
  per_device_train_batch_size: 8,
  per_device_eval_batch_size: 8,
  gradient_accumulation_steps: 1,
  eval_delay: 0,
  learning_rate: 5e-5,
  weight_decay: 0,
  adam_beta1: 0.9,
  adam_beta2: 0.999,
  adam_epsilon: 1e-8,
  max_grad_norm: 1,
  num_train_epochs: 3,
  max_steps: -1,
  lr_scheduler_type: 'linear',
  lr_scheduler_kwargs: {},
  warmup_ratio: 0,
  warmup_steps: 0,
  logging_strategy: 'steps',
  logging_first_step: false,
  logging_steps: 500,
  logging_nan_inf_filter: true,
  save_strategy: 'steps',
  save_steps: 500,
  save_total_limit: null,
  save_only_model: false,
  seed: 42,
  data_seed: null,
  dataloader_drop_last: false,
  eval_steps: null,
  disable_tqdm: false,
  label_names: null,
  load_best_model_at_end: false,
  metric_for_best_model: null,
  greater_is_better: null,
  ignore_data_skip: false,
  label_smoothing_factor: 0,
  optim: 'adamw_torch_fused',
  group_by_length: false,
  length_column_name: 'length',
  gradient_checkpointing: false,
  eval_on_start: false,
}

const intervals = ['no', 'steps', 'epoch'] as const
const choices = {
  eval_strategy: intervals,
  logging_strategy: intervals,
  save_strategy: [...intervals, 'best'],
  lr_scheduler_type: schedulerTypes,
  optim: optimizerNames,
} as const satisfies Partial<Record<keyof TrainingFields, readonly string[]>>

type Range = readonly [test: (value: number) => boolean, what: string]
const whole: Range = [(value) => Number.isInteger(value) && value > 0, 'a whole number above 0']
const count: Range = [(value) => Number.isInteger(value) && value >= 0, 'a whole number, not below 0']
const positive: Range = [(value) => value > 0, 'above 0']
const notNegative: Range = [(value) => value >= 0, 'not below 0']
const fraction: Range = [(value) => value >= 0 && value < 1, 'from 0 to below 1']
const steps: Range = [
  (value) => (value > 0 && value < 1) || (Number.isInteger(value) && value > 0),
  'a whole number above 0, or a part of all steps between 0 and 1',
]
const ranges: Partial<Record<keyof TrainingFields, Range>> = {
  per_device_train_batch_size: whole,
  per_device_eval_batch_size: whole,
  gradient_accumulation_steps: whole,
  eval_delay: notNegative,
  learning_rate: notNegative,
  weight_decay: notNegative,
  adam_beta1: fraction,
  adam_beta2: fraction,
  adam_epsilon: notNegative,
  max_grad_norm: notNegative,
  num_train_epochs: positive,
  max_steps: [
    (value) => Number.isInteger(value) && (value > 0 || value === -1),
    'a whole number above 0, or -1',
  ],
  warmup_ratio: [(value) => value >= 0 && value <= 1, 'between 0 and 1'],
  warmup_steps: count,
  logging_steps: steps,
  save_steps: steps,
  save_total_limit: whole,
  seed: count,
  data_seed: count,
  eval_steps: steps,
  label_smoothing_factor: fraction,
}

/** transformers TrainingArguments. Fields are properties; they may be changed until training begins. */
export class TrainingArguments implements TrainingFields {
  declare output_dir: string
  declare eval_strategy: IntervalStrategy
  declare prediction_loss_only: boolean
  declare per_device_train_batch_size: number
  declare per_device_eval_batch_size: number
  declare gradient_accumulation_steps: number
  declare eval_delay: number
  declare learning_rate: number
  declare weight_decay: number
  declare adam_beta1: number
  declare adam_beta2: number
  declare adam_epsilon: number
  declare max_grad_norm: number
  declare num_train_epochs: number
  declare max_steps: number
  declare lr_scheduler_type: SchedulerType
  declare lr_scheduler_kwargs: Readonly<Record<string, unknown>>
  declare warmup_ratio: number
  declare warmup_steps: number
  declare logging_strategy: IntervalStrategy
  declare logging_first_step: boolean
  declare logging_steps: number
  declare logging_nan_inf_filter: boolean
  declare save_strategy: IntervalStrategy | 'best'
  declare save_steps: number
  declare save_total_limit: number | null
  declare save_only_model: boolean
  declare seed: number
  declare data_seed: number | null
  declare dataloader_drop_last: boolean
  declare eval_steps: number | null
  declare disable_tqdm: boolean
  declare label_names: readonly string[] | null
  declare load_best_model_at_end: boolean
  declare metric_for_best_model: string | null
  declare greater_is_better: boolean | null
  declare ignore_data_skip: boolean
  declare label_smoothing_factor: number
  declare optim: OptimizerName
  declare group_by_length: boolean
  declare length_column_name: string
  declare gradient_checkpointing: boolean
  declare eval_on_start: boolean

  /** @throws ArgumentError for an unknown name, a value out of its range, and fields that contradict one another. */
  constructor(fields: Partial<TrainingFields> = {}) {
    for (const [name, value] of Object.entries(fields)) requireValid(name, value)
    const given = Object.entries(fields).filter(([, value]) => value !== undefined)
    Object.assign(this, defaults, Object.fromEntries(given))
    this.#complete(fields)
  }

  // The rules of TrainingArguments.__post_init__.
  #complete({ eval_strategy, eval_steps }: Partial<TrainingFields>): void {
    if (eval_strategy === undefined && eval_steps != null) this.eval_strategy = 'steps'
    if (this.eval_strategy === 'steps') this.eval_steps ??= this.logging_steps
    if (this.load_best_model_at_end || this.save_strategy === 'best') this.metric_for_best_model ??= 'loss'
    if (this.metric_for_best_model !== null) {
      this.greater_is_better ??= !this.metric_for_best_model.endsWith('loss')
    }
    if (this.load_best_model_at_end && this.save_strategy !== 'best') this.#requireMatchingStrategies()
  }

  #requireMatchingStrategies(): void {
    const { eval_strategy, save_strategy, eval_steps, save_steps } = this
    if (eval_strategy !== save_strategy) {
      throw new ArgumentError(
        `load_best_model_at_end requires the save and eval strategy to match: they are ${save_strategy} and ${eval_strategy}`,
        { hint: 'give both the same value' },
      )
    }
    if (eval_strategy !== 'steps') return
    const times = save_steps / (eval_steps as number)
    if (Math.abs(times - Math.round(times)) > 1e-9) {
      throw new ArgumentError(
        `load_best_model_at_end requires save_steps (${save_steps}) to be a multiple of eval_steps (${eval_steps})`,
      )
    }
  }

  /** Examples of one batch. */
  get train_batch_size(): number {
    return this.per_device_train_batch_size
  }

  get eval_batch_size(): number {
    return this.per_device_eval_batch_size
  }

  /** Updates over which the learning rate rises. */
  get_warmup_steps(num_training_steps: number): number {
    return this.warmup_steps > 0 ? this.warmup_steps : Math.ceil(num_training_steps * this.warmup_ratio)
  }

  to_dict(): TrainingFields {
    return { ...this }
  }
}

function requireValid(name: string, value: unknown): void {
  if (!Object.hasOwn(defaults, name)) {
    throw new ArgumentError(`TrainingArguments has no field '${name}'`, {
      hint: `the fields are ${Object.keys(defaults).join(', ')}`,
    })
  }
  if (value === undefined) return
  const key = name as keyof TrainingFields
  const allowed: readonly string[] | undefined = choices[key as keyof typeof choices]
  if (allowed && !allowed.includes(value as string)) {
    throw new ArgumentError(`${name} is one of ${allowed.join(', ')}, not ${JSON.stringify(value)}`)
  }
  const range = ranges[key]
  if (range && value === null && defaults[key] === null) return
  if (range && (typeof value !== 'number' || !range[0](value))) {
    throw new ArgumentError(`${name} must be ${range[1]}, is ${value}`)
  }
  if (typeof defaults[key] === 'boolean' && typeof value !== 'boolean') {
    throw new ArgumentError(`${name} must be true or false, is ${value}`)
  }
}
