// What a forward pass takes and gives, and the checks on the host before any kernel sees an id.
#pragma once

#include "core/roberta/config.h"
#include "core/torch.h"

namespace robertorch {

/** Keys and values of one layer, each (B, H, T, D): a decoder's own and, with cross-attention, the encoder's.
 */
struct LayerCache {
  at::Tensor key, value;
  at::Tensor crossKey, crossValue;
};

/** Undefined tensors stand for arguments left out. */
struct ModelInputs {
  at::Tensor input_ids;                     // (B, T) int64
  at::Tensor attention_mask;                // (B, past + T) or (B, T, past + T); 1 real, 0 padding
  at::Tensor token_type_ids;                // (B, T) int64
  at::Tensor position_ids;                  // (B, T) int64
  at::Tensor inputs_embeds;                 // (B, T, C), instead of input_ids
  at::Tensor head_mask;                     // (H) or (layers, H); 1 keeps a head, 0 silences it
  at::Tensor encoder_hidden_states;         // (B, S, C), for cross-attention
  at::Tensor encoder_attention_mask;        // (B, S)
  std::vector<LayerCache> past_key_values;  // of the tokens before these, one per layer; empty: none
  at::Tensor labels;
  at::Tensor sentence_label;                  // (B) int64, of the sentence pair head
  at::Tensor start_positions, end_positions;  // (B) int64, of question answering
  bool use_cache = false;
  bool output_hidden_states = false;
  bool output_attentions = false;
  // The model's settings at the moment of the call: an asynchronous one must not see those of a later call.
  bool training = false;          // of the head
  bool encoder_training = false;  // of what the head stands on
  bool gradient_checkpointing = false;
  bool preserve_rng_state = true;  // the same random numbers when a layer is computed again
  std::string problem_type;        // "" until the first labels decide, as in Transformers

  int64_t batchSize() const { return source().size(0); }
  int64_t sequenceLength() const { return source().size(1); }
  /** Tokens whose keys and values are given. */
  int64_t pastLength() const { return past_key_values.empty() ? 0 : past_key_values[0].key.size(2); }
  at::Device device() const { return source().device(); }
  const at::Tensor& source() const { return input_ids.defined() ? input_ids : inputs_embeds; }
  /** Every tensor of the call, undefined ones too. */
  std::vector<at::Tensor> tensors() const;
};

/**
 * Checks presence, shapes, dtypes, devices and the range of every id against the configuration and the word
 * embeddings (V, C), whose rows may have become more or fewer since, as each layer's `heads` may. Throws
 * ArgumentError, ShapeError, DTypeError, DeviceError or IndexError naming the value, its place and the limit.
 */
void checkInputs(const ModelInputs& inputs, const RobertaConfig& config, const at::Tensor& words,
                 const std::vector<int64_t>& heads);

/** Checks that every element lies in [0, limit) or equals `ignored`. `tensor` must be an int64 tensor. */
void checkIds(const at::Tensor& tensor, int64_t limit, const std::string& name, const std::string& limitName,
              std::optional<int64_t> ignored = std::nullopt);

/** "(2, 16)" */
std::string shapeText(const at::Tensor& tensor);

}  // namespace robertorch
