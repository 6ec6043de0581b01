import { confusion_matrix } from './confusion-matrix.js'
import type { Labels } from './labels.js'

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)

/**
 * Matthews' correlation of two or more classes, -1 to 1; 0 where one side has one class only. Name and result of
 * scikit-learn's `matthews_corrcoef`.
 *
 * @throws ShapeError, ArgumentError for labels that do not fit.
 */
export function matthews_corrcoef(y_true: Labels, y_pred: Labels): number {
  const matrix = confusion_matrix(y_true, y_pred)
  const truth = matrix.map(sum)
  const predicted = matrix.map((_, label) => sum(matrix.map((row) => row[label] as number)))
  const correct = sum(matrix.map((row, label) => row[label] as number))
  const total = y_true.length
  const covariance = (a: number[], b: number[], same: number) =>
    same * total - sum(a.map((count, label) => count * (b[label] as number)))
  const spread = covariance(truth, truth, total) * covariance(predicted, predicted, total)
  return spread === 0 ? 0 : covariance(truth, predicted, correct) / Math.sqrt(spread)
}
