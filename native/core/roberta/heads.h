// The heads that stand on the encoder, each with the parameter names of its Transformers class.
#pragma once

#include "core/roberta/activation.h"
#include "core/roberta/config.h"
#include "core/roberta/modules.h"

namespace robertorch {

/** transformers RobertaPooler: dense and tanh over the first token. (B, T, C) → (B, C) */
struct Pooler {
  Linear dense;

  Pooler(const RobertaConfig& config, Initialization how);
  at::Tensor forward(const at::Tensor& x) const;
  void visit(const std::string& prefix, const ParameterVisitor& f);
};

/** transformers RobertaLMHead; the decoder's weight is the word embeddings' when `tie_word_embeddings`. */
struct LmHead {
  Linear dense;
  LayerNorm norm;
  at::Tensor bias;     // (V), the decoder's own
  at::Tensor decoder;  // (V, C)
  bool tied;

  LmHead(const RobertaConfig& config, Initialization how);
  at::Tensor forward(const at::Tensor& x) const;  // (B, T, C) → (B, T, V)
  void visit(const std::string& prefix, const ParameterVisitor& f);
};

/** transformers RobertaClassificationHead over the first token. (B, T, C) → (B, num_labels) */
struct ClassificationHead {
  Linear dense, outProj;
  double dropout;

  ClassificationHead(const RobertaConfig& config, Initialization how);
  at::Tensor forward(const at::Tensor& x, bool training) const;
  void visit(const std::string& prefix, const ParameterVisitor& f);
};

}  // namespace robertorch
