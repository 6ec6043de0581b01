import { ArgumentError } from '../errors.js'
import { confusion_matrix } from './confusion-matrix.js'
import type { Labels } from './labels.js'

/** Options of `f1_score`. */
export interface F1Options {
  /** The class that counts as found, for `average: 'binary'`. Default 1. */
  pos_label?: number
  /**
   * `binary` (default): of the class `pos_label`; `macro`: mean over the classes that occur; `micro`: of all
   * decisions together; `weighted`: mean over the classes, weighted by how often each is true.
   */
  average?: 'binary' | 'macro' | 'micro' | 'weighted'
}

interface ClassCounts {
  correct: number
  /** How often the class is true. */
  support: number
  predicted: number
}

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)
// 2·precision·recall / (precision + recall), written so that a class never seen nor predicted gives 0.
const f1 = ({ correct, support, predicted }: ClassCounts) =>
  support + predicted === 0 ? 0 : (2 * correct) / (support + predicted)

/**
 * Harmonic mean of precision and recall, 0 to 1. Name, options and results of scikit-learn's `f1_score` (whose
 * `zero_division` is 0).
 *
 * @throws ShapeError, ArgumentError for labels or options that do not fit.
 */
export function f1_score(y_true: Labels, y_pred: Labels, options: F1Options = {}): number {
  const { average = 'binary', pos_label = 1 } = options
  const matrix = confusion_matrix(y_true, y_pred)
  const classes: ClassCounts[] = matrix.map((row, label) => ({
    correct: row[label] as number,
    support: sum(row),
    predicted: sum(matrix.map((other) => other[label] as number)),
  }))
  const occurring = classes.filter(({ support, predicted }) => support + predicted > 0)
  switch (average) {
    case 'binary':
      if (classes.length > 2) {
        throw new ArgumentError(`average 'binary' takes labels 0 and 1, got label ${classes.length - 1}`, {
          hint: "pass average: 'macro', 'micro' or 'weighted'",
        })
      }
      if (pos_label !== 0 && pos_label !== 1) {
        throw new ArgumentError(`pos_label must be 0 or 1, is ${pos_label}`)
      }
      return f1(classes[pos_label] ?? { correct: 0, support: 0, predicted: 0 })
    case 'macro':
      return sum(occurring.map(f1)) / occurring.length
    case 'micro':
      return f1({
        correct: sum(classes.map(({ correct }) => correct)),
        support: y_true.length,
        predicted: y_true.length,
      })
    case 'weighted':
      return sum(classes.map((counts) => f1(counts) * counts.support)) / y_true.length
    default:
      throw new ArgumentError(`average must be 'binary', 'macro', 'micro' or 'weighted', is '${average}'`)
  }
}
