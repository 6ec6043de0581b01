import { type Labels, pairLabels } from './labels.js'

/**
 * Part of the labels that were predicted correctly, 0 to 1. Name and result of scikit-learn's `accuracy_score`.
 *
 * @throws ShapeError, ArgumentError for labels that do not fit.
 */
export function accuracy_score(y_true: Labels, y_pred: Labels): number {
  const { truth, predicted } = pairLabels(y_true, y_pred)
  return truth.filter((label, i) => label === predicted[i]).length / truth.length
}
