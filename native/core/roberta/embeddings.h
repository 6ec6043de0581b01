// transformers RobertaEmbeddings: word + token type + position, LayerNorm, dropout.
#pragma once

#include "core/roberta/config.h"
#include "core/roberta/inputs.h"
#include "core/roberta/modules.h"

namespace robertorch {

class Embeddings {
 public:
  Embeddings(const RobertaConfig& config, Initialization how);

  at::Tensor forward(const ModelInputs& inputs, bool training) const;
  at::Tensor positionIds(const ModelInputs& inputs) const;
  void visit(const std::string& prefix, const ParameterVisitor& f);

  Embedding word, position, tokenType;
  LayerNorm norm;

 private:
  double dropout_;
  PositionRule positions_;
  bool addPositions_;  // not of relative positions, though the table is there
};

/**
 * RoBERTa's positions: tokens that are not padding are numbered from `padding_idx + 1 + past`, whatever the
 * attention mask says; padding keeps `padding_idx`. (B, T) int64 → (B, T) int64.
 */
at::Tensor createPositionIds(const at::Tensor& input_ids, int64_t padding_idx, int64_t past);

}  // namespace robertorch
