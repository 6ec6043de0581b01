/** transformers TrainerCallback: what is called at the points of training. */

import { ArgumentError } from '../../errors.js'
import type { AnyModule } from '../../torch/nn/module.js'
import type { Optimizer } from '../../torch/optim/index.js'
import type { Schedule } from '../../torch/optim/lr-scheduler/index.js'
import type { ExportedState, LogEntry, TrainerControl, TrainerState } from './trainer-state.js'
import type { TrainingArguments } from './training-arguments.js'

/** What a callback may look at besides its first three arguments. */
export interface CallbackContext {
  model: AnyModule
  optimizer: Optimizer | undefined
  lr_scheduler: Schedule | undefined
  /** Of `on_log`. */
  logs?: LogEntry
  /** Of `on_evaluate` and `on_predict`. */
  metrics?: LogEntry
  /** Of `on_step_end` and `on_substep_end`: loss of the batch, and its tokens without padding. */
  batch?: { loss: number; tokens: number }
}

/** A callback's method; it may change the control, and the Trainer waits for a promise. */
export type CallbackMethod = (
  args: TrainingArguments,
  state: TrainerState,
  control: TrainerControl,
  context: CallbackContext,
) => void | Promise<void>

export const callbackEvents = [
  'on_train_begin',
  'on_train_end',
  'on_epoch_begin',
  'on_epoch_end',
  'on_step_begin',
  'on_pre_optimizer_step',
  'on_optimizer_step',
  'on_substep_end',
  'on_step_end',
  'on_evaluate',
  'on_predict',
  'on_save',
  'on_log',
  'on_prediction_step',
] as const
export type CallbackEvent = (typeof callbackEvents)[number]

/** transformers TrainerCallback: write the methods that are wanted. */
export type TrainerCallback = Partial<Record<CallbackEvent, CallbackMethod>> & {
  /** What `trainer_state.json` keeps of it, so that a resumed run goes on from there. */
  state?(): ExportedState
  /** Takes up what `state` gave. */
  restore?(state: ExportedState): void
}

/** transformers DefaultFlowCallback: when to log, evaluate and save, by the arguments. */
export class DefaultFlowCallback {
  on_step_end(args: TrainingArguments, state: TrainerState, control: TrainerControl): void {
    const every = (steps: number) => steps > 0 && state.global_step % steps === 0
    if (state.global_step === 1 && args.logging_first_step) control.should_log = true
    if (args.logging_strategy === 'steps' && every(state.logging_steps)) control.should_log = true
    if (args.eval_strategy === 'steps' && every(state.eval_steps) && args.eval_delay <= state.global_step) {
      control.should_evaluate = true
    }
    if (args.save_strategy === 'steps' && every(state.save_steps)) control.should_save = true
    if (state.global_step >= state.max_steps) {
      control.should_training_stop = true
      if (args.save_strategy === 'steps') control.should_save = true
    }
  }

  on_epoch_end(args: TrainingArguments, state: TrainerState, control: TrainerControl): void {
    if (args.logging_strategy === 'epoch') control.should_log = true
    if (args.eval_strategy === 'epoch' && args.eval_delay <= state.epoch) control.should_evaluate = true
    if (args.save_strategy === 'epoch') control.should_save = true
  }
}

export interface EarlyStoppingOptions {
  /** Evaluations without improvement before training stops; default 1. */
  early_stopping_patience?: number
  /** What counts as improvement; default 0. */
  early_stopping_threshold?: number
}

/** transformers EarlyStoppingCallback: stops when the metric for the best model no longer improves. */
export class EarlyStoppingCallback {
  readonly early_stopping_patience: number
  readonly early_stopping_threshold: number
  early_stopping_patience_counter = 0

  constructor({ early_stopping_patience = 1, early_stopping_threshold = 0 }: EarlyStoppingOptions = {}) {
    this.early_stopping_patience = early_stopping_patience
    this.early_stopping_threshold = early_stopping_threshold
  }

  on_train_begin(args: TrainingArguments): void {
    if (args.metric_for_best_model === null || args.eval_strategy === 'no') {
      throw new ArgumentError('EarlyStoppingCallback needs a metric and evaluations', {
        hint: "set metric_for_best_model and eval_strategy: 'steps' or 'epoch'",
      })
    }
  }

  on_evaluate(
    args: TrainingArguments,
    state: TrainerState,
    control: TrainerControl,
    { metrics = {} }: CallbackContext,
  ): void {
    const name = args.metric_for_best_model as string
    const value = metrics[name.startsWith('eval_') ? name : `eval_${name}`]
    if (value === undefined) return
    const { best_metric } = state
    const better =
      best_metric === null ||
      ((args.greater_is_better ? value > best_metric : value < best_metric) &&
        Math.abs(value - best_metric) > this.early_stopping_threshold)
    if (better) this.early_stopping_patience_counter = 0
    else this.early_stopping_patience_counter += 1
    if (this.early_stopping_patience_counter >= this.early_stopping_patience) {
      control.should_training_stop = true
    }
  }

  state(): ExportedState {
    const { early_stopping_patience, early_stopping_threshold, early_stopping_patience_counter } = this
    return {
      args: { early_stopping_patience, early_stopping_threshold },
      attributes: { early_stopping_patience_counter },
    }
  }

  restore({ attributes }: ExportedState): void {
    this.early_stopping_patience_counter = Number(attributes.early_stopping_patience_counter)
  }
}
