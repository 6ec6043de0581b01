import { ArgumentError } from '../errors.js'
import { accuracy_score } from './accuracy.js'
import { pearsonr, spearmanr } from './correlation.js'
import { f1_score } from './f1.js'
import type { Labels } from './labels.js'
import { matthews_corrcoef } from './matthews.js'

type Compute = (preds: ArrayLike<number>, labels: ArrayLike<number>) => Record<string, number>

const accuracy: Compute = (preds, labels) => ({ acc: accuracy_score(labels, preds) })

const accuracyAndF1: Compute = (preds, labels) => {
  const acc = accuracy_score(labels, preds)
  const f1 = f1_score(labels, preds)
  return { acc, f1, acc_and_f1: (acc + f1) / 2 }
}

const correlations: Compute = (preds, labels) => {
  const pearson = pearsonr(preds, labels)
  const spearman = spearmanr(preds, labels)
  return { pearson, spearmanr: spearman, corr: (pearson + spearman) / 2 }
}

const tasks = {
  cola: (preds, labels) => ({ mcc: matthews_corrcoef(labels, preds) }),
  'sst-2': accuracy,
  mrpc: accuracyAndF1,
  'sts-b': correlations,
  qqp: accuracyAndF1,
  mnli: (preds, labels) => ({ 'mnli/acc': accuracy_score(labels, preds) }),
  'mnli-mm': (preds, labels) => ({ 'mnli-mm/acc': accuracy_score(labels, preds) }),
  qnli: accuracy,
  rte: accuracy,
  wnli: accuracy,
  hans: accuracy,
} satisfies Record<string, Compute>

/** Names of GLUE's tasks as Transformers' `glue_compute_metrics` writes them. */
export type GlueMetricTask = keyof typeof tasks

/**
 * The metrics of a GLUE task, with the names of Transformers' `glue_compute_metrics`: `acc`, `f1` and their mean,
 * `mcc` for CoLA, `pearson`, `spearmanr` and their mean for STS-B.
 *
 * @param preds class indices; for `sts-b` scores
 * @throws ArgumentError for an unknown task; what the metrics throw.
 */
export function glue_compute_metrics(
  task_name: GlueMetricTask,
  preds: Labels,
  labels: Labels,
): Record<string, number> {
  const compute: Compute | undefined = Object.hasOwn(tasks, task_name) ? tasks[task_name] : undefined
  if (compute === undefined) {
    throw new ArgumentError(`there is no GLUE task '${task_name}'`, {
      hint: `task_name is one of ${Object.keys(tasks).join(', ')}`,
    })
  }
  return compute(Float64Array.from(preds, Number), Float64Array.from(labels, Number))
}
