#include "core/roberta/attention.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/dropout.h>
#include <ATen/ops/einsum.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/softmax.h>

#include <cmath>

namespace robertorch {
namespace {

// The first call joins with nothing, as DynamicCache does: the copy's layout decides the last bits of the
// gradient.
at::Tensor joined(const at::Tensor& before, const at::Tensor& now) {
  return at::cat({before.defined() ? before : at::empty({0}, now.options()), now}, -2);
}

}  // namespace

Attention::Attention(const RobertaConfig& config, bool causal, PositionEmbedding positions,
                     Initialization how)
    : query_(config.hidden_size, config.hidden_size, how),
      key_(config.hidden_size, config.hidden_size, how),
      value_(config.hidden_size, config.hidden_size, how),
      positions_(positions),
      headSize_(config.headSize()),
      dropout_(config.attention_probs_dropout_prob),
      causal_(causal),
      implementation_(config.attention) {
  if (positions_ == PositionEmbedding::kAbsolute) return;
  distance_ = Embedding(2 * config.max_position_embeddings - 1, headSize_, -1, how);
}

at::Tensor Attention::splitHeads(const at::Tensor& x) const {
  return x.view({x.size(0), -1, heads(), headSize_}).transpose(1, 2);  // (B, H, T, D)
}

Attention::Result Attention::forward(const at::Tensor& x, const at::Tensor& mask,
                                     const AttentionOptions& options, KeyValue* cache) const {
  // Query, key, value in this order: the order of autograd's sums decides the last bits of the gradient.
  const at::Tensor q = splitHeads(query_.forward(x));
  KeyValue source;
  source.key = splitHeads(key_.forward(x));
  source.value = splitHeads(value_.forward(x));
  if (cache != nullptr) {
    source.key = joined(cache->key, source.key);
    source.value = joined(cache->value, source.value);
    *cache = source;
  }
  return attend(q, source, mask, options, causal_, cache != nullptr);
}

Attention::Result Attention::forward(const at::Tensor& x, const at::Tensor& encoderStates,
                                     const at::Tensor& mask, const AttentionOptions& options,
                                     KeyValue* cache) const {
  const at::Tensor q = splitHeads(query_.forward(x));
  if (cache != nullptr && cache->key.defined()) return attend(q, *cache, mask, options, false, true);
  KeyValue source;
  source.key = splitHeads(key_.forward(encoderStates));
  source.value = splitHeads(value_.forward(encoderStates));
  if (cache != nullptr) {
    source = {joined({}, source.key), joined({}, source.value)};
    *cache = source;
  }
  return attend(q, source, mask, options, false, cache != nullptr);
}

Attention::Result Attention::attend(const at::Tensor& q, const KeyValue& source, const at::Tensor& mask,
                                    const AttentionOptions& options, bool causal, bool cached) const {
  const bool needsEager =
      options.wantProbabilities || options.head_mask.defined() || positions_ != PositionEmbedding::kAbsolute;
  if (needsEager || implementation_ == AttentionImplementation::kEager)
    return eager(q, source, mask, options, cached);
  const int64_t batch = q.size(0), queries = q.size(2);
  const at::Tensor context = at::scaled_dot_product_attention(
      q, source.key, source.value, mask.defined() ? std::optional(mask) : std::nullopt,
      options.training ? dropout_ : 0.0, /*is_causal=*/causal && !mask.defined() && queries > 1);
  return {context.transpose(1, 2).reshape({batch, queries, heads() * headSize_}), {}};
}

Attention::Result Attention::eager(const at::Tensor& q, const KeyValue& source, const at::Tensor& mask,
                                   const AttentionOptions& options, bool cached) const {
  at::Tensor scores = at::matmul(q, source.key.transpose(-1, -2));  // (B, H, T, S)
  if (positions_ != PositionEmbedding::kAbsolute) scores = withDistances(scores, q, source.key, cached);
  scores = scores / std::sqrt(static_cast<double>(headSize_));
  if (mask.defined()) scores = scores + mask;
  at::Tensor probabilities = at::dropout(at::softmax(scores, -1), dropout_, options.training);
  if (options.head_mask.defined()) probabilities = probabilities * options.head_mask;
  const at::Tensor context =
      at::matmul(probabilities, source.value).permute({0, 2, 1, 3}).contiguous();  // (B, T, H, D)
  return {context.view({context.size(0), context.size(1), heads() * headSize_}), probabilities};
}

at::Tensor Attention::withDistances(const at::Tensor& scores, const at::Tensor& q, const at::Tensor& k,
                                    bool cached) const {
  const at::TensorOptions whole = at::TensorOptions(at::kLong).device(q.device());
  const int64_t length = k.size(2), limit = (distance_.weight.size(0) + 1) / 2;
  // With a cache Transformers takes every query for the last token, the first call's too.
  const at::Tensor left =
      cached ? at::full({1, 1}, length - 1, whole) : at::arange(q.size(2), whole).unsqueeze(1);
  const at::Tensor distance = left - at::arange(length, whole).unsqueeze(0);
  const at::Tensor rows = distance_.forward(distance + limit - 1).to(q.scalar_type());  // (T or 1, S, D)
  const at::Tensor byQuery = at::einsum("bhld,lrd->bhlr", {q, rows});
  if (positions_ == PositionEmbedding::kRelativeKey) return scores + byQuery;
  const at::Tensor byKey = at::einsum("bhrd,lrd->bhlr", {k, rows});
  return scores + byQuery + byKey;
}

void Attention::keep(const at::Tensor& index, Initialization how) {
  for (Linear* projection : {&query_, &key_, &value_}) projection->keep(index, 0, how);
}

void Attention::visit(const std::string& prefix, const ParameterVisitor& f) {
  query_.visit(prefix + ".query", f);
  key_.visit(prefix + ".key", f);
  value_.visit(prefix + ".value", f);
  if (distance_.weight.defined()) distance_.visit(prefix + ".distance_embedding", f);
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
