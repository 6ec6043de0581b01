// What a forward pass takes and gives, and the checks on the host before any kernel sees an id.
#pragma once

#include "core/roberta/config.h"
#include "core/torch.h"

namespace robertorch {

/** Undefined tensors stand for arguments left out. */
struct ModelInputs {
  at::Tensor input_ids;       // (B, T) int64
  at::Tensor attention_mask;  // (B, T) or (B, T, T); 1 real, 0 padding
  at::Tensor token_type_ids;  // (B, T) int64
  at::Tensor position_ids;    // (B, T) int64
  at::Tensor inputs_embeds;   // (B, T, C), instead of input_ids
  at::Tensor labels;
  bool output_hidden_states = false;
  bool output_attentions = false;
  // The model's settings at the moment of the call: an asynchronous one must not see those of a later call.
  bool training = false;
  std::string problem_type;  // "" until the first labels decide, as in Transformers

  int64_t batchSize() const { return source().size(0); }
  int64_t sequenceLength() const { return source().size(1); }
  at::Device device() const { return source().device(); }
  const at::Tensor& source() const { return input_ids.defined() ? input_ids : inputs_embeds; }
};

/**
 * Checks presence, shapes, dtypes, devices and the range of every id. Throws ArgumentError, ShapeError,
 * DTypeError, DeviceError or IndexError naming the value, its place and the limit.
 */
void checkInputs(const ModelInputs& inputs, const RobertaConfig& config, at::Device modelDevice);

/** Checks that every element lies in [0, limit) or equals `ignored`. `tensor` must be an int64 tensor. */
void checkIds(const at::Tensor& tensor, int64_t limit, const std::string& name, const std::string& limitName,
              std::optional<int64_t> ignored = std::nullopt);

/** "(2, 16)" */
std::string shapeText(const at::Tensor& tensor);

}  // namespace robertorch
