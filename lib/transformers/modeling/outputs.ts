/** What forward passes give, under the names of Transformers. */

import type { LayerCache } from '../../native/addon.js'
import type { Tensor } from '../../torch/tensor.js'

/** Fields by position count only those that are there: with labels `outputs[0]` is the loss. */
interface ByPosition {
  readonly 0: Tensor
  readonly 1: Tensor
}

/** What every model gives on request. */
interface Inside extends ByPosition {
  /** Embedding output and every layer's, each (batch, tokens, hidden); only with `output_hidden_states`. */
  readonly hidden_states?: readonly Tensor[]
  /** Per layer (batch, heads, tokens, tokens); only with `output_attentions`. */
  readonly attentions?: readonly Tensor[]
}

/** What a decoder gives besides. */
interface DecoderInside extends Inside {
  /** For the next call; only with `use_cache`. */
  readonly past_key_values?: readonly LayerCache[]
  /** Per layer (batch, heads, tokens, encoder tokens); only with `output_attentions` and an encoder's states. */
  readonly cross_attentions?: readonly Tensor[]
}

interface WithLoss {
  /** Only with labels. */
  readonly loss?: Tensor
}

/** transformers BaseModelOutputWithPoolingAndCrossAttentions */
export interface BaseModelOutput extends DecoderInside {
  /** (batch, tokens, hidden) */
  readonly last_hidden_state: Tensor
  /** (batch, hidden); absent without a pooler. */
  readonly pooler_output?: Tensor
}

/** transformers MaskedLMOutput. The loss is the mean cross entropy over the labels that are not -100. */
export interface MaskedLMOutput extends Inside, WithLoss {
  /** (batch, tokens, vocab_size) */
  readonly logits: Tensor
}

/** transformers CausalLMOutputWithCrossAttentions */
export interface CausalLMOutput extends DecoderInside, WithLoss {
  /** (batch, tokens, vocab_size) */
  readonly logits: Tensor
}

/** transformers SequenceClassifierOutput. The loss is chosen by `problem_type`. */
export interface SequenceClassifierOutput extends Inside, WithLoss {
  /** (batch, num_labels) */
  readonly logits: Tensor
}

/** transformers TokenClassifierOutput */
export interface TokenClassifierOutput extends Inside, WithLoss {
  /** (batch, tokens, num_labels) */
  readonly logits: Tensor
}

/** transformers QuestionAnsweringModelOutput. The loss is the mean of both ends' cross entropies. */
export interface QuestionAnsweringModelOutput extends Inside, WithLoss {
  /** (batch, tokens) */
  readonly start_logits: Tensor
  readonly end_logits: Tensor
}

/** transformers MultipleChoiceModelOutput */
export interface MultipleChoiceModelOutput extends Inside, WithLoss {
  /** (batch, choices) */
  readonly logits: Tensor
}

/** transformers NextSentencePredictorOutput */
export interface NextSentencePredictorOutput extends Inside, WithLoss {
  /** (batch, 2): the second sentence follows, it does not. */
  readonly logits: Tensor
}

interface PreTrainingOutput extends Inside, WithLoss {
  /** (batch, tokens, vocab_size) */
  readonly prediction_logits: Tensor
}

/** transformers BertForPreTrainingOutput */
export interface NextSentencePreTrainingOutput extends PreTrainingOutput {
  /** (batch, 2): the second sentence follows, it does not. */
  readonly seq_relationship_logits: Tensor
}

/** transformers AlbertForPreTrainingOutput */
export interface SentenceOrderPreTrainingOutput extends PreTrainingOutput {
  /** (batch, 2): the sentences are in order, they were swapped. */
  readonly sop_logits: Tensor
}
