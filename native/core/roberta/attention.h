// transformers RobertaSelfAttention / RobertaSdpaSelfAttention and RobertaSelfOutput.
#pragma once

#include "core/roberta/config.h"
#include "core/roberta/modules.h"

namespace robertorch {

/** What every attention of a layer is told. */
struct AttentionOptions {
  at::Tensor head_mask;  // broadcast to (B, H, 1, 1), or undefined; needs the eager form
  bool wantProbabilities = false;
  bool training = false;
};

/** Keys and values of earlier tokens, each (B, H, T, D); undefined before the first. */
struct KeyValue {
  at::Tensor key, value;
};

class Attention {
 public:
  /** `causal`: without a mask, a token sees those before it only. */
  Attention(const RobertaConfig& config, bool causal, PositionEmbedding positions, Initialization how);

  struct Result {
    at::Tensor context;        // (B, T, C)
    at::Tensor probabilities;  // (B, H, T, S), only when asked for
  };

  /** Self-attention; `mask` is additive or undefined. With a `cache` this call's keys and values join it. */
  Result forward(const at::Tensor& x, const at::Tensor& mask, const AttentionOptions& options,
                 KeyValue* cache) const;
  /** Cross-attention to an encoder's states (B, S, C), whose keys and values a `cache` holds after the first
   * call. */
  Result forward(const at::Tensor& x, const at::Tensor& encoderStates, const at::Tensor& mask,
                 const AttentionOptions& options, KeyValue* cache) const;
  void visit(const std::string& prefix, const ParameterVisitor& f);

  /** As many as there are still: their number is the size of the weights. */
  int64_t heads() const { return query_.weight.size(0) / headSize_; }
  int64_t headSize() const { return headSize_; }
  /** Keeps these numbers of each token's (H × D). */
  void keep(const at::Tensor& index, Initialization how);

 private:
  at::Tensor splitHeads(const at::Tensor& x) const;
  Result attend(const at::Tensor& q, const KeyValue& source, const at::Tensor& mask,
                const AttentionOptions& options, bool causal, bool cached) const;
  Result eager(const at::Tensor& q, const KeyValue& source, const at::Tensor& mask,
               const AttentionOptions& options, bool cached) const;
  at::Tensor withDistances(const at::Tensor& scores, const at::Tensor& q, const at::Tensor& k,
                           bool cached) const;

  Linear query_, key_, value_;
  Embedding distance_;  // (2 P - 1, D), of relative positions
  PositionEmbedding positions_;
  int64_t headSize_;
  double dropout_;
  bool causal_;
  AttentionImplementation implementation_;
};

/** Dense, dropout, residual, LayerNorm: the tail of both halves of a layer. */
class ResidualOutput {
 public:
  ResidualOutput(int64_t in, const RobertaConfig& config, Initialization how);

  at::Tensor forward(const at::Tensor& x, const at::Tensor& residual, bool training) const;
  void visit(const std::string& prefix, const ParameterVisitor& f);
  /** Keeps these numbers of what comes in. */
  void keep(const at::Tensor& index, Initialization how) { dense_.keep(index, 1, how); }

 private:
  Linear dense_;
  LayerNorm norm_;
  double dropout_;
};

}  // namespace robertorch
