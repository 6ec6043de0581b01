/** Rows of tokens as a model takes them, and how they become batches. */

import type { Encoding } from '../tokenization/encoding.js'

/** One row of tokens: what a tokenizer made of one text, one pair, or one window of them. */
export interface ModelRow {
  readonly input_ids: readonly number[]
  readonly attention_mask: readonly number[]
  /** Where the tokenizer gives them to its models. */
  readonly token_type_ids?: readonly number[]
}

/**
 * The row of an encoding.
 * @param names `model_input_names` of the tokenizer
 */
export function rowOf(encoding: Encoding, names: readonly string[]): ModelRow {
  const { ids, attention_mask, type_ids } = encoding
  return names.includes('token_type_ids')
    ? { input_ids: ids, attention_mask, token_type_ids: type_ids }
    : { input_ids: ids, attention_mask }
}

/** What a batch may hold. */
export interface BatchLimits {
  /** Tokens, padding included; a longer row is a batch of its own. */
  readonly tokens: number
  readonly rows: number
  /** Without a padding token only rows of one length go together. */
  readonly canPad: boolean
}

/** Batches of rows of similar length, the longest first: so memory is short at once or never. */
export function* batchesByLength<Placed extends { readonly row: ModelRow }>(
  rows: readonly Placed[],
  limits: BatchLimits,
): Generator<Placed[]> {
  const length = ({ row }: Placed) => row.input_ids.length
  let batch: Placed[] = []
  for (const placed of rows.toSorted((a, b) => length(b) - length(a))) {
    const [longest] = batch
    if (longest !== undefined) {
      const isFull = batch.length === limits.rows || (batch.length + 1) * length(longest) > limits.tokens
      if (isFull || (!limits.canPad && length(placed) !== length(longest))) {
        yield batch
        batch = []
      }
    }
    batch.push(placed)
  }
  if (batch.length > 0) yield batch
}
