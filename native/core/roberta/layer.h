// transformers RobertaLayer: attention and feed-forward, each with its residual and LayerNorm after it.
#pragma once

#include "core/roberta/activation.h"
#include "core/roberta/attention.h"

namespace robertorch {

class Layer {
 public:
  Layer(const RobertaConfig& config, Initialization how);

  /** (B, T, C) → (B, T, C), and the attention probabilities when asked for. */
  SelfAttention::Result forward(const at::Tensor& x, const at::Tensor& mask, bool wantProbabilities,
                                bool training) const;
  void visit(const std::string& prefix, const ParameterVisitor& f);

 private:
  SelfAttention attention_;
  ResidualOutput attentionOutput_;
  Linear intermediate_;
  Activation activation_;
  ResidualOutput output_;
};

}  // namespace robertorch
