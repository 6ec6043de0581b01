/** Training, evaluation and checkpoints under the names of Transformers' Trainer. */

export {
  type CallbackContext,
  type CallbackEvent,
  type CallbackMethod,
  DefaultFlowCallback,
  EarlyStoppingCallback,
  type EarlyStoppingOptions,
  type TrainerCallback,
} from './callbacks.js'
export { get_last_checkpoint } from './checkpoint.js'
export type { EvalPrediction } from './evaluation.js'
export type { Batch, ComputeLoss, TrainableModel } from './model-step.js'
export { get_decay_parameter_names, type OptimizerName } from './optimizers.js'
export { PrinterCallback, ProgressCallback } from './progress-callback.js'
export { type DataCollator, type PredictionOutput, Trainer, type TrainerOptions } from './trainer.js'
export { type ExportedState, type LogEntry, TrainerControl, TrainerState } from './trainer-state.js'
export { type IntervalStrategy, TrainingArguments, type TrainingFields } from './training-arguments.js'
export type { TrainOptions, TrainOutput } from './training-loop.js'
