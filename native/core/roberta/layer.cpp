#include "core/roberta/layer.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/tensor.h>

#include "core/runtime/errors.h"

namespace robertorch {

Layer::Layer(const RobertaConfig& config, Initialization how)
    : attention_(config, config.is_decoder, config.position_embedding, how),
      attentionOutput_(config.hidden_size, config, how),
      crossAttention_(config.add_cross_attention ? std::optional<Attention>(std::in_place, config, false,
                                                                            PositionEmbedding::kAbsolute, how)
                                                 : std::nullopt),
      crossAttentionOutput_(config.add_cross_attention ? std::optional<ResidualOutput>(
                                                             std::in_place, config.hidden_size, config, how)
                                                       : std::nullopt),
      intermediate_(config.hidden_size, config.intermediate_size, how),
      activation_(findActivation(config.hidden_act)),
      output_(config.intermediate_size, config, how),
      chunk_(config.chunk_size_feed_forward),
      firstHeads_(config.num_attention_heads) {}

LayerResult Layer::forward(const at::Tensor& x, const LayerContext& context, const at::Tensor& head_mask,
                           LayerCache* cache) const {
  const AttentionOptions options{head_mask, context.wantProbabilities, context.training};
  KeyValue own, cross;
  if (cache != nullptr) {
    own = {cache->key, cache->value};
    cross = {cache->crossKey, cache->crossValue};
  }
  const Attention::Result attended =
      attention_.forward(x, context.mask, options, cache != nullptr ? &own : nullptr);
  at::Tensor mixed = attentionOutput_.forward(attended.context, x, context.training);
  at::Tensor crossProbabilities;
  if (crossAttention_ && context.encoderStates.defined()) {
    const Attention::Result looked = crossAttention_->forward(
        mixed, context.encoderStates, context.encoderMask, options, cache != nullptr ? &cross : nullptr);
    mixed = crossAttentionOutput_->forward(looked.context, mixed, context.training);
    crossProbabilities = looked.probabilities;
  }
  if (cache != nullptr) *cache = {own.key, own.value, cross.key, cross.value};
  return {feedForward(mixed, context.training), attended.probabilities, crossProbabilities};
}

at::Tensor Layer::feedForward(const at::Tensor& x, bool training) const {
  const auto whole = [&](const at::Tensor& part) {
    return output_.forward(activation_(intermediate_.forward(part)), part,
                           training);  // (B, T, 4C) in between
  };
  if (chunk_ == 0) return whole(x);
  if (x.size(1) % chunk_ != 0) {
    throw Error(ErrorKind::kShape, "a sequence of " + std::to_string(x.size(1)) +
                                       " tokens is no multiple of chunk_size_feed_forward " +
                                       std::to_string(chunk_));
  }
  std::vector<at::Tensor> parts;
  for (const at::Tensor& part : x.split(chunk_, 1)) parts.push_back(whole(part));
  return at::cat(parts, 1);
}

void Layer::checkPruning(const std::vector<int64_t>& heads) const {
  std::set<int64_t> gone = pruned_;
  for (const int64_t head : heads) {
    if (head < 0 || head >= firstHeads_) {
      throw Error(ErrorKind::kArgument, "there is no head " + std::to_string(head) + ", heads are 0.." +
                                            std::to_string(firstHeads_ - 1));
    }
    gone.insert(head);
  }
  if (static_cast<int64_t>(gone.size()) == firstHeads_)
    throw Error(ErrorKind::kArgument, "one head of a layer must be left, all are to be pruned");
}

void Layer::pruneHeads(const std::vector<int64_t>& heads, Initialization how) {
  if (heads.empty()) return;
  checkPruning(heads);
  const std::set<int64_t> wanted(heads.begin(), heads.end());
  std::vector<int64_t> kept;  // of the numbers that each token has now
  int64_t place = 0;
  for (int64_t head = 0; head < firstHeads_; ++head) {
    if (pruned_.contains(head)) continue;
    for (int64_t i = 0; i < attention_.headSize() && !wanted.contains(head); ++i)
      kept.push_back(place * attention_.headSize() + i);
    ++place;
  }
  const at::Tensor index = at::tensor(kept, at::kLong);
  attention_.keep(index, how);
  attentionOutput_.keep(index, how);
  pruned_.insert(wanted.begin(), wanted.end());
}

void Layer::visit(const std::string& prefix, const ParameterVisitor& f) {
  attention_.visit(prefix + ".attention.self", f);
  attentionOutput_.visit(prefix + ".attention.output", f);
  if (crossAttention_) {
    crossAttention_->visit(prefix + ".crossattention.self", f);
    crossAttentionOutput_->visit(prefix + ".crossattention.output", f);
  }
  intermediate_.visit(prefix + ".intermediate.dense", f);
  output_.visit(prefix + ".output", f);
}

}  // namespace robertorch
