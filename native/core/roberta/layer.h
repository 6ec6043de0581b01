// transformers RobertaLayer: attention and feed-forward, each with its residual and LayerNorm after it; a
// decoder's layer may look at an encoder's states in between.
#pragma once

#include <set>

#include "core/roberta/activation.h"
#include "core/roberta/attention.h"
#include "core/roberta/inputs.h"

namespace robertorch {

/** What all layers of one forward pass share. Masks are additive or undefined. */
struct LayerContext {
  at::Tensor mask;           // of self-attention
  at::Tensor encoderStates;  // (B, S, C), or undefined
  at::Tensor encoderMask;    // of cross-attention
  bool wantProbabilities = false;
  bool training = false;
};

struct LayerResult {
  at::Tensor states;              // (B, T, C)
  at::Tensor probabilities;       // (B, H, T, T), only when asked for
  at::Tensor crossProbabilities;  // (B, H, T, S), likewise
};

class Layer {
 public:
  Layer(const RobertaConfig& config, Initialization how);

  /** (B, T, C) → (B, T, C). `cache` holds what came before, and this call's keys and values after; null:
   * none. */
  LayerResult forward(const at::Tensor& x, const LayerContext& context, const at::Tensor& head_mask,
                      LayerCache* cache) const;
  void visit(const std::string& prefix, const ParameterVisitor& f);

  /** Of self-attention, as many as there are still. */
  int64_t heads() const { return attention_.heads(); }
  /** Throws ArgumentError for a head that never was, and when none would be left. */
  void checkPruning(const std::vector<int64_t>& heads) const;
  /** Takes heads of self-attention away, by their first number; those that are gone already do not count. */
  void pruneHeads(const std::vector<int64_t>& heads, Initialization how);

 private:
  at::Tensor feedForward(const at::Tensor& x, bool training) const;

  Attention attention_;
  ResidualOutput attentionOutput_;
  std::optional<Attention> crossAttention_;
  std::optional<ResidualOutput> crossAttentionOutput_;
  Linear intermediate_;
  Activation activation_;
  ResidualOutput output_;
  int64_t chunk_;
  int64_t firstHeads_;
  std::set<int64_t> pruned_;
};

}  // namespace robertorch
