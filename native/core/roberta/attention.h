// transformers RobertaSelfAttention / RobertaSdpaSelfAttention and RobertaSelfOutput.
#pragma once

#include "core/roberta/config.h"
#include "core/roberta/modules.h"

namespace robertorch {

class SelfAttention {
 public:
  SelfAttention(const RobertaConfig& config, Initialization how);

  struct Result {
    at::Tensor context;        // (B, T, C)
    at::Tensor probabilities;  // (B, H, T, T), only when asked for
  };

  /** `mask` is additive or undefined. Probabilities need the eager form, as in Transformers. */
  Result forward(const at::Tensor& x, const at::Tensor& mask, bool wantProbabilities, bool training) const;
  void visit(const std::string& prefix, const ParameterVisitor& f);

 private:
  at::Tensor splitHeads(const at::Tensor& x) const;
  Result eager(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& mask,
               bool training) const;

  Linear query_, key_, value_;
  int64_t heads_, headSize_;
  double dropout_;
  AttentionImplementation implementation_;
};

/** Dense, dropout, residual, LayerNorm: the tail of both halves of a layer. */
class ResidualOutput {
 public:
  ResidualOutput(int64_t in, const RobertaConfig& config, Initialization how);

  at::Tensor forward(const at::Tensor& x, const at::Tensor& residual, bool training) const;
  void visit(const std::string& prefix, const ParameterVisitor& f);

 private:
  Linear dense_;
  LayerNorm norm_;
  double dropout_;
};

}  // namespace robertorch
