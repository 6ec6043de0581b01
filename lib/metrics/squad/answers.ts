/** How SQuAD's official scripts compare one answer with another. */

import { splitAtBlanks } from '../../python-blanks.js'

// Python's string.punctuation.
const PUNCTUATION = /[!-/:-@[-`{-~]/g
// `\b(a|an|the)\b` with Python's idea of a word: JavaScript's \b knows ASCII only.
const ARTICLES = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu

/** Lower case, without punctuation, articles and superfluous blanks. Of `evaluate-v2.0.py`. */
export const normalize_answer = (text: string): string =>
  splitAtBlanks(text.toLowerCase().replace(PUNCTUATION, '').replace(ARTICLES, ' ')).join(' ')

/** 1 where both answers are the same after `normalize_answer`, else 0. Of `evaluate-v2.0.py`. */
export const compute_exact = (a_gold: string, a_pred: string): number =>
  normalize_answer(a_gold) === normalize_answer(a_pred) ? 1 : 0

const wordsOf = (text: string) => splitAtBlanks(normalize_answer(text))

/** F1 of the words of both answers, 0 to 1; without words on one side 1 if there are none on the other. Of `evaluate-v2.0.py`. */
export function compute_f1(a_gold: string, a_pred: string): number {
  const [gold, predicted] = [wordsOf(a_gold), wordsOf(a_pred)]
  if (gold.length === 0 || predicted.length === 0) return gold.length === predicted.length ? 1 : 0
  const left = new Map<string, number>()
  for (const word of gold) left.set(word, (left.get(word) ?? 0) + 1)
  const same = predicted.filter((word) => {
    const count = left.get(word) ?? 0
    left.set(word, count - 1)
    return count > 0
  }).length
  if (same === 0) return 0
  const precision = same / predicted.length
  const recall = same / gold.length
  return (2 * precision * recall) / (precision + recall)
}
