/** What the models take: named tensors, as the keyword arguments of Transformers' forward methods. */

import type { LayerCache } from '../../native/addon.js'
import type { Tensor } from '../../torch/tensor.js'

/** What every forward pass takes; `input_ids` or `inputs_embeds` is required. Ids are int64 (batch, tokens). */
export interface ModelInputs {
  input_ids?: Tensor
  /** 1 for tokens, 0 for padding: (batch, tokens) or (batch, tokens, tokens). */
  attention_mask?: Tensor
  token_type_ids?: Tensor
  position_ids?: Tensor
  /** (batch, tokens, hidden), instead of `input_ids`. */
  inputs_embeds?: Tensor
  /** 1 keeps a head, 0 silences it: (heads) or (layers, heads). */
  head_mask?: Tensor
  output_hidden_states?: boolean
  output_attentions?: boolean
}

/** What a model with `is_decoder` takes besides. */
export interface DecoderInputs extends ModelInputs {
  /** States of an encoder (batch, tokens, hidden), for cross-attention. */
  encoder_hidden_states?: Tensor
  /** 1 for the encoder's tokens, 0 for its padding: (batch, tokens). */
  encoder_attention_mask?: Tensor
  /**
   * Keys and values of the tokens before these, as an earlier call gave them: one entry per layer. The attention mask
   * then covers those tokens too.
   */
  past_key_values?: readonly LayerCache[]
  /** Give `past_key_values` for the next call; default the configuration's, and off with labels. */
  use_cache?: boolean
}

export interface LabelledInputs extends ModelInputs {
  /**
   * int64 (batch, tokens) where tokens are predicted or labelled, -100 ignored; (batch) for classification and multiple
   * choice; float32 for regression (batch) and several labels at once (batch, num_labels).
   */
  labels?: Tensor
}

export interface CausalInputs extends DecoderInputs {
  /** The input ids, with -100 for what does not count: the model shifts them itself. */
  labels?: Tensor
}

export interface QuestionAnsweringInputs extends ModelInputs {
  /** int64 (batch): the answer's first and last token; positions outside the sequence do not count. */
  start_positions?: Tensor
  end_positions?: Tensor
}

export interface NextSentencePreTrainingInputs extends LabelledInputs {
  /** int64 (batch): 0 when the second sentence follows the first, 1 when it does not. */
  next_sentence_label?: Tensor
}

export interface SentenceOrderPreTrainingInputs extends LabelledInputs {
  /** int64 (batch): 0 when the sentences are in their order, 1 when they were swapped. */
  sentence_order_label?: Tensor
}
