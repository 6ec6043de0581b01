#include "core/roberta/attention.h"

#include <ATen/ops/dropout.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/softmax.h>

#include <cmath>

namespace robertorch {

SelfAttention::SelfAttention(const RobertaConfig& config, Initialization how)
    : query_(config.hidden_size, config.hidden_size, how),
      key_(config.hidden_size, config.hidden_size, how),
      value_(config.hidden_size, config.hidden_size, how),
      heads_(config.num_attention_heads),
      headSize_(config.headSize()),
      dropout_(config.attention_probs_dropout_prob),
      implementation_(config.attention) {}

at::Tensor SelfAttention::splitHeads(const at::Tensor& x) const {
  return x.view({x.size(0), -1, heads_, headSize_}).transpose(1, 2);  // (B, H, T, D)
}

SelfAttention::Result SelfAttention::forward(const at::Tensor& x, const at::Tensor& mask,
                                             bool wantProbabilities, bool training) const {
  // Query, key, value in this order: the order of autograd's sums decides the last bits of the gradient.
  const at::Tensor q = splitHeads(query_.forward(x));
  const at::Tensor k = splitHeads(key_.forward(x));
  const at::Tensor v = splitHeads(value_.forward(x));
  if (wantProbabilities || implementation_ == AttentionImplementation::kEager)
    return eager(q, k, v, mask, training);
  const at::Tensor context =
      at::scaled_dot_product_attention(q, k, v, mask.defined() ? std::optional(mask) : std::nullopt,
                                       training ? dropout_ : 0.0, /*is_causal=*/false);
  return {context.transpose(1, 2).reshape(x.sizes()), {}};
}

SelfAttention::Result SelfAttention::eager(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                                           const at::Tensor& mask, bool training) const {
  at::Tensor scores =
      at::matmul(q, k.transpose(-1, -2)) / std::sqrt(static_cast<double>(headSize_));  // (B, H, T, T)
  if (mask.defined()) scores = scores + mask;
  const at::Tensor probabilities = at::dropout(at::softmax(scores, -1), dropout_, training);
  const at::Tensor context = at::matmul(probabilities, v).permute({0, 2, 1, 3}).contiguous();  // (B, T, H, D)
  return {context.view({context.size(0), context.size(1), heads_ * headSize_}), probabilities};
}

void SelfAttention::visit(const std::string& prefix, const ParameterVisitor& f) {
  query_.visit(prefix + ".query", f);
  key_.visit(prefix + ".key", f);
  value_.visit(prefix + ".value", f);
}

ResidualOutput::ResidualOutput(int64_t in, const RobertaConfig& config, Initialization how)
    : dense_(in, config.hidden_size, how),
      norm_(config.hidden_size, config.layer_norm_eps),
      dropout_(config.hidden_dropout_prob) {}

at::Tensor ResidualOutput::forward(const at::Tensor& x, const at::Tensor& residual, bool training) const {
  return norm_.forward(at::dropout(dense_.forward(x), dropout_, training) + residual);
}

void ResidualOutput::visit(const std::string& prefix, const ParameterVisitor& f) {
  dense_.visit(prefix + ".dense", f);
  norm_.visit(prefix + ".LayerNorm", f);
}

}  // namespace robertorch
