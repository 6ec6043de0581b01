/** What the classification metrics share: two lists of class indices of the same length. */

import { ArgumentError, ShapeError } from '../errors.js'

/** Class indices: an array, or what `tensor.toTypedArray()` gives. */
export type Labels = ArrayLike<number | bigint>

/**
 * The labels as numbers.
 *
 * @throws ShapeError when the lists differ in length or are empty, ArgumentError for what is no class index.
 */
export function pairLabels(y_true: Labels, y_pred: Labels): { truth: number[]; predicted: number[] } {
  if (y_true.length !== y_pred.length) {
    throw new ShapeError(`y_true has ${y_true.length} labels, y_pred has ${y_pred.length}`)
  }
  if (y_true.length === 0) throw new ShapeError('a metric needs at least one label, got none')
  return { truth: toIndices('y_true', y_true), predicted: toIndices('y_pred', y_pred) }
}

function toIndices(name: string, labels: Labels): number[] {
  return Array.from(labels, (label, i) => {
    const index = Number(label)
    if (Number.isSafeInteger(index) && index >= 0) return index
    throw new ArgumentError(`${name}[${i}] must be a class index (0, 1, …), is ${label}`, {
      hint: 'turn logits into indices with torch.argmax(logits, { dim: -1 })',
    })
  })
}
