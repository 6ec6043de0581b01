#include "core/roberta/embeddings.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cumsum.h>
#include <ATen/ops/dropout.h>
#include <ATen/ops/ne.h>
#include <ATen/ops/zeros.h>

namespace robertorch {

Embeddings::Embeddings(const RobertaConfig& config, Initialization how)
    : dropout_(config.hidden_dropout_prob),
      positions_(config.family.positions),
      addPositions_(config.position_embedding == PositionEmbedding::kAbsolute) {
  word = Embedding(config.vocab_size, config.hidden_size, config.pad_token_id, how);
  position = Embedding(config.max_position_embeddings, config.hidden_size, -1, how);
  tokenType = Embedding(config.type_vocab_size, config.hidden_size, -1, how);
  norm = LayerNorm(config.hidden_size, config.layer_norm_eps);
  if (positions_ == PositionRule::kCountTokens) {
    // Transformers makes RoBERTa's position table twice; the first one's random numbers are drawn all the
    // same.
    position = Embedding(config.max_position_embeddings, config.hidden_size, config.pad_token_id, how);
  }
}

at::Tensor Embeddings::positionIds(const ModelInputs& inputs) const {
  if (inputs.position_ids.defined()) return inputs.position_ids;
  const bool counted = positions_ == PositionRule::kCountTokens;
  if (counted && inputs.input_ids.defined())
    return createPositionIds(inputs.input_ids, word.padding_idx, inputs.pastLength());
  // Padding cannot be told from embeddings, nor, in Transformers, what came before them.
  const int64_t first = counted ? word.padding_idx + 1 : inputs.pastLength();
  const at::Tensor row =
      at::arange(first, first + inputs.sequenceLength(), at::TensorOptions(at::kLong).device(inputs.device()))
          .unsqueeze(0);
  // BERT's is one row for the whole batch: the order in which its gradients are summed hangs on it.
  return counted ? row.expand({inputs.batchSize(), inputs.sequenceLength()}) : row;
}

at::Tensor Embeddings::forward(const ModelInputs& inputs, bool training) const {
  const auto [batch, length] = std::pair(inputs.batchSize(), inputs.sequenceLength());
  at::Tensor token_type_ids = inputs.token_type_ids;
  if (!token_type_ids.defined()) {
    token_type_ids = at::zeros({batch, length}, at::TensorOptions(at::kLong).device(inputs.device()));
  }
  const at::Tensor words =
      inputs.inputs_embeds.defined() ? inputs.inputs_embeds : word.forward(inputs.input_ids);
  at::Tensor x = words + tokenType.forward(token_type_ids);  // (B, T, C)
  if (addPositions_) x += position.forward(positionIds(inputs));
  return at::dropout(norm.forward(x), dropout_, training);
}

void Embeddings::visit(const std::string& prefix, const ParameterVisitor& f) {
  word.visit(prefix + ".word_embeddings", f);
  position.visit(prefix + ".position_embeddings", f);
  tokenType.visit(prefix + ".token_type_embeddings", f);
  norm.visit(prefix + ".LayerNorm", f);
}

at::Tensor createPositionIds(const at::Tensor& input_ids, int64_t padding_idx, int64_t past) {
  const at::Tensor mask = input_ids.ne(padding_idx).to(at::kInt);
  const at::Tensor counted = (at::cumsum(mask, 1).to(mask.scalar_type()) + past) * mask;
  return counted.to(at::kLong) + padding_idx;
}

}  // namespace robertorch
