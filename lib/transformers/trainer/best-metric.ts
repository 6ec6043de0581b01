/** transformers Trainer._determine_best_metric: which evaluation was the best so far. */

import { ArgumentError } from '../../errors.js'
import type { LogEntry, TrainerState } from './trainer-state.js'
import type { TrainingArguments } from './training-arguments.js'

/** @throws ArgumentError naming what the evaluation gave instead. */
export function metricForBest({ metric_for_best_model }: TrainingArguments, metrics: LogEntry): number {
  const given = metric_for_best_model ?? 'loss'
  const name = given.startsWith('eval_') ? given : `eval_${given}`
  const value = metrics[name]
  if (value === undefined) {
    throw new ArgumentError(`metric_for_best_model: the evaluation gave no '${name}'`, {
      hint: `it gave ${Object.keys(metrics).join(', ')}; compute_metrics returns what is missing`,
    })
  }
  return value
}

/** Notes an evaluation in the state when it is the best; false when it is not, or nobody asks. */
export function noteBest(args: TrainingArguments, state: TrainerState, metrics: LogEntry): boolean {
  if (args.metric_for_best_model === null) return false
  const value = metricForBest(args, metrics)
  const before = state.best_metric
  if (before !== null && !(args.greater_is_better ? value > before : value < before)) return false
  state.best_metric = value
  state.best_global_step = state.global_step
  return true
}
