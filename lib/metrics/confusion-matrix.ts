import { ArgumentError, IndexError } from '../errors.js'
import { type Labels, pairLabels } from './labels.js'

/** Options of `confusion_matrix`. */
export interface ConfusionMatrixOptions {
  /** Number of classes; default: the highest label in either list, plus one. */
  num_labels?: number
}

/**
 * Counts of true classes (rows) by predicted classes (columns). Name and layout of scikit-learn's
 * `confusion_matrix`, with a row for every class from 0 on, whether it occurs or not.
 *
 * @throws ShapeError, ArgumentError for labels that do not fit, IndexError for a label beyond `num_labels`.
 */
export function confusion_matrix(
  y_true: Labels,
  y_pred: Labels,
  options: ConfusionMatrixOptions = {},
): number[][] {
  const { truth, predicted } = pairLabels(y_true, y_pred)
  const highest = [...truth, ...predicted].reduce((a, b) => Math.max(a, b))
  const { num_labels = highest + 1 } = options
  if (!Number.isInteger(num_labels) || num_labels < 1) {
    throw new ArgumentError(`num_labels must be a whole number above 0, is ${num_labels}`)
  }
  if (highest >= num_labels) {
    throw new IndexError(`label ${highest} is out of range, num_labels is ${num_labels}`)
  }
  const matrix = Array.from({ length: num_labels }, () => new Array<number>(num_labels).fill(0))
  truth.forEach((label, i) => {
    const row = matrix[label] as number[]
    const column = predicted[i] as number
    row[column] = (row[column] as number) + 1
  })
  return matrix
}
