/** Outputs with names and positions, as Python's ModelOutput. */

import type { NativeOutputs } from '../../native/addon.js'

const order = [
  'loss',
  'logits',
  'start_logits',
  'end_logits',
  'prediction_logits',
  'sentence_logits',
  'last_hidden_state',
  'pooler_output',
  'past_key_values',
  'hidden_states',
  'attentions',
  'cross_attentions',
] as const

/**
 * Gives native outputs their positions, which are not enumerable, so that printing shows the names only, and the names
 * that a class of models has of its own.
 */
export function withPositions<Output>(
  outputs: NativeOutputs,
  renamed: Partial<Record<keyof NativeOutputs, string>> = {},
): Output {
  const result: Record<string, unknown> = {}
  let position = 0
  for (const name of order) {
    if (outputs[name] === undefined) continue
    result[renamed[name] ?? name] = outputs[name]
    Object.defineProperty(result, position++, { value: outputs[name] })
  }
  return result as Output
}
