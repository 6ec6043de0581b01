/** Above which probability of "no answer" a prediction should better be empty. */

/** What is known of each question, by its id. */
export interface Questions {
  /** Whether the question has an answer. */
  readonly hasAnswer: ReadonlyMap<string, boolean>
  /** Predicted answers. */
  readonly predictions: Readonly<Record<string, string>>
  /** Predicted probability that there is no answer. */
  readonly noAnswer: Readonly<Record<string, number>>
}

/** `apply_no_ans_threshold` of `evaluate-v2.0.py`: the scores if predictions above the threshold were empty. */
export function apply_no_ans_threshold(
  scores: ReadonlyMap<string, number>,
  { hasAnswer, noAnswer }: Pick<Questions, 'hasAnswer' | 'noAnswer'>,
  threshold: number,
): Map<string, number> {
  const applied = new Map<string, number>()
  for (const [id, score] of scores) {
    const isEmpty = (noAnswer[id] as number) > threshold
    applied.set(id, isEmpty ? Number(!hasAnswer.get(id)) : score)
  }
  return applied
}

/** `find_best_thresh` of `evaluate-v2.0.py`: the best score in per cent that any threshold gives, and the threshold. */
export function find_best_thresh(
  scores: ReadonlyMap<string, number>,
  { hasAnswer, predictions, noAnswer }: Questions,
): [best: number, threshold: number] {
  let score = [...hasAnswer.values()].filter((has) => !has).length
  let [best, threshold] = [score, 0]
  const ids = Object.keys(noAnswer).sort((a, b) => (noAnswer[a] as number) - (noAnswer[b] as number))
  for (const id of ids) {
    const own = scores.get(id)
    if (own === undefined) continue
    score += hasAnswer.get(id) ? own : predictions[id] === '' ? 0 : -1
    if (score > best) {
      best = score
      threshold = noAnswer[id] as number
    }
  }
  return [(100 * best) / scores.size, threshold]
}
