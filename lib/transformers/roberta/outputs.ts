/** What forward passes give: named fields that can also be taken by position, as Python's ModelOutput. */

import type { NativeOutputs } from '../../native/addon.js'
import type { Tensor } from '../../torch/tensor.js'

/** Fields by position count only those that are there: with labels `outputs[0]` is the loss. */
interface ByPosition {
  readonly 0: Tensor
  readonly 1: Tensor
}

/** transformers BaseModelOutputWithPoolingAndCrossAttentions */
export interface BaseModelOutput extends ByPosition {
  /** (batch, tokens, hidden) */
  readonly last_hidden_state: Tensor
  /** (batch, hidden); absent without a pooler. */
  readonly pooler_output?: Tensor
  /** Embedding output and every layer's, each (batch, tokens, hidden); only with `output_hidden_states`. */
  readonly hidden_states?: readonly Tensor[]
  /** Per layer (batch, heads, tokens, tokens); only with `output_attentions`. */
  readonly attentions?: readonly Tensor[]
}

/** transformers MaskedLMOutput */
export interface MaskedLMOutput extends ByPosition {
  /** Mean cross entropy over the labels that are not -100; only with `labels`. */
  readonly loss?: Tensor
  /** (batch, tokens, vocab_size) */
  readonly logits: Tensor
  readonly hidden_states?: readonly Tensor[]
  readonly attentions?: readonly Tensor[]
}

/** transformers SequenceClassifierOutput */
export interface SequenceClassifierOutput extends ByPosition {
  /** By `problem_type`; only with `labels`. */
  readonly loss?: Tensor
  /** (batch, num_labels) */
  readonly logits: Tensor
  readonly hidden_states?: readonly Tensor[]
  readonly attentions?: readonly Tensor[]
}

const order = ['loss', 'logits', 'last_hidden_state', 'pooler_output', 'hidden_states', 'attentions'] as const

/** Gives native outputs their positions; those are not enumerable, so that printing shows the names only. */
export function withPositions<Output>(outputs: NativeOutputs): Output {
  let position = 0
  for (const name of order) {
    if (outputs[name] === undefined) continue
    Object.defineProperty(outputs, position++, { value: outputs[name] })
  }
  return outputs as Output
}
