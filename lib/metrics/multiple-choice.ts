import { ArgumentError, ShapeError } from '../errors.js'
import { accuracy_score } from './accuracy.js'
import type { Labels } from './labels.js'

/**
 * Part of the questions whose highest score is the right choice's, 0 to 1, as Transformers' `run_swag.py` computes it:
 * of equal scores the first counts.
 *
 * @param logits (questions, choices): a score per choice, as `logits.tolist()` gives
 * @param labels (questions): the right choice, from 0
 * @throws ShapeError, ArgumentError for scores or labels that do not fit.
 */
export function multiple_choice_accuracy(logits: ArrayLike<ArrayLike<number>>, labels: Labels): number {
  const chosen = Array.from(logits, (scores, question) => {
    if (scores.length === 0) throw new ShapeError(`question ${question} has no choices`)
    let best = 0
    for (let choice = 0; choice < scores.length; choice++) {
      const score = scores[choice] as number
      if (Number.isNaN(score)) {
        throw new ArgumentError(`the score of question ${question}, choice ${choice} is NaN`)
      }
      if (score > (scores[best] as number)) best = choice
    }
    return best
  })
  return accuracy_score(labels, chosen)
}
