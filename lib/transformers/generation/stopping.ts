/** When a sequence ends. */

import type { Tensor } from '../../torch/tensor.js'
import type { GenerationConfig } from './configuration.js'

/**
 * transformers StoppingCriteria: the tokens so far, int64 (batch, tokens), and the scores of each step where they are
 * kept; gives whether all sequences end, or each one, bool (batch).
 */
export type StoppingCriterion = (input_ids: Tensor, scores: readonly Tensor[] | undefined) => boolean | Tensor

/** transformers MaxLengthCriteria and MaxTimeCriteria; the time runs from now on. */
export function stoppingCriteria(
  { max_time }: GenerationConfig,
  maxLength: number,
  custom: readonly StoppingCriterion[] = [],
): StoppingCriterion[] {
  const list: StoppingCriterion[] = [(input_ids) => input_ids.size(1) >= maxLength]
  if (max_time !== null) {
    const start = performance.now()
    list.push(() => (performance.now() - start) / 1000 > max_time)
  }
  return [...list, ...custom]
}

/** Which of the rows end by one of the criteria. */
export function endedRows(
  criteria: readonly StoppingCriterion[],
  input_ids: Tensor,
  scores: readonly Tensor[] | undefined,
): boolean[] {
  const rows = Array.from({ length: input_ids.size(0) }, () => false)
  for (const criterion of criteria) {
    const answer = criterion(input_ids, scores)
    const ended = typeof answer === 'boolean' ? rows.map(() => answer) : (answer.tolist() as boolean[])
    for (const [row, isEnded] of ended.entries()) if (isEnded) rows[row] = true
  }
  return rows
}
