#include "core/roberta/encoder.h"

#include <ATen/ops/ones.h>

#include "core/roberta/attention_mask.h"
#include "core/roberta/recompute.h"
#include "core/runtime/errors.h"

namespace robertorch {

Encoder::Encoder(const RobertaConfig& config, Initialization how)
    : embeddings(config, how),
      attention_(config.attention),
      isDecoder_(config.is_decoder),
      crossAttention_(config.add_cross_attention),
      relativePositions_(config.position_embedding != PositionEmbedding::kAbsolute) {
  layers_.reserve(config.num_hidden_layers);
  for (int64_t i = 0; i < config.num_hidden_layers; ++i) layers_.emplace_back(config, how);
}

namespace {

// (H) or (layers, H) → per layer, broadcast to (B, H, T, S).
at::Tensor headMaskOf(const at::Tensor& head_mask, size_t layer, at::ScalarType dtype) {
  if (!head_mask.defined()) return {};
  const at::Tensor own = head_mask.dim() == 2 ? head_mask.select(0, static_cast<int64_t>(layer)) : head_mask;
  return own.to(dtype).view({1, -1, 1, 1});
}

}  // namespace

LayerContext Encoder::contextOf(const ModelInputs& inputs, const at::Tensor& x, bool training) const {
  // Probabilities, head masks and distances need the eager form, which adds its mask even when nothing is
  // masked.
  const bool needsEager = inputs.output_attentions || inputs.head_mask.defined() || relativePositions_;
  const auto attention = needsEager ? AttentionImplementation::kEager : attention_;
  const bool eager = attention == AttentionImplementation::kEager;
  const int64_t queries = x.size(1);
  const auto onesFor = [&](int64_t length) {
    return at::ones({x.size(0), length}, x.options().requires_grad(false));
  };
  LayerContext context;
  context.wantProbabilities = inputs.output_attentions;
  context.training = training;
  if (inputs.attention_mask.defined() || eager || isDecoder_) {
    const at::Tensor mask =
        inputs.attention_mask.defined() ? inputs.attention_mask : onesFor(queries + inputs.pastLength());
    context.mask =
        (isDecoder_ ? causalAttentionMask : additiveAttentionMask)(mask, attention, x.scalar_type(), queries);
  }
  if (crossAttention_ && inputs.encoder_hidden_states.defined()) {
    context.encoderStates = inputs.encoder_hidden_states;
    if (inputs.encoder_attention_mask.defined() || eager) {
      const at::Tensor mask = inputs.encoder_attention_mask.defined()
                                  ? inputs.encoder_attention_mask
                                  : onesFor(context.encoderStates.size(1));
      context.encoderMask = additiveAttentionMask(mask, attention, x.scalar_type(), queries);
    }
  }
  return context;
}

EncoderOutput Encoder::forward(const ModelInputs& inputs, bool training) const {
  const bool recomputed = inputs.gradient_checkpointing && training;
  if (recomputed && (inputs.use_cache || !inputs.past_key_values.empty())) {
    throw Error(ErrorKind::kArgument, "a cache of keys and values cannot be used with gradient checkpointing",
                "leave out past_key_values and use_cache, or call model.eval() before");
  }
  EncoderOutput output;
  at::Tensor x = embeddings.forward(inputs, training);
  const LayerContext context = contextOf(inputs, x, training);
  if (inputs.use_cache) {
    output.past_key_values = inputs.past_key_values;
    output.past_key_values.resize(layers_.size());
  }
  if (inputs.output_hidden_states) output.hidden_states.push_back(x);
  for (size_t i = 0; i < layers_.size(); ++i) {
    // Without use_cache what came before is still seen, only not handed on.
    LayerCache before = i < inputs.past_key_values.size() ? inputs.past_key_values[i] : LayerCache();
    LayerCache* cache = inputs.use_cache                 ? &output.past_key_values[i]
                        : inputs.past_key_values.empty() ? nullptr
                                                         : &before;
    const at::Tensor headMask = headMaskOf(inputs.head_mask, i, x.scalar_type());
    const LayerResult result =
        recomputed ? forwardRecomputed(layers_[i], x, context, headMask, inputs.preserve_rng_state)
                   : layers_[i].forward(x, context, headMask, cache);
    x = result.states;
    if (inputs.output_hidden_states) output.hidden_states.push_back(x);
    if (inputs.output_attentions) {
      output.attentions.push_back(result.probabilities);
      if (result.crossProbabilities.defined()) output.cross_attentions.push_back(result.crossProbabilities);
    }
  }
  output.last_hidden_state = x;
  return output;
}

std::vector<int64_t> Encoder::heads() const {
  std::vector<int64_t> heads;
  for (const Layer& layer : layers_) heads.push_back(layer.heads());
  return heads;
}

void Encoder::pruneHeads(const HeadsByLayer& heads, Initialization how) {
  for (const auto& [layer, ofLayer] : heads) {
    if (layer < 0 || layer >= static_cast<int64_t>(layers_.size())) {
      throw Error(ErrorKind::kArgument, "there is no layer " + std::to_string(layer) +
                                            " to prune heads of, the model has " +
                                            std::to_string(layers_.size()));
    }
    layers_[layer].checkPruning(ofLayer);
  }
  for (const auto& [layer, ofLayer] : heads) layers_[layer].pruneHeads(ofLayer, how);
}

void Encoder::visit(const std::string& prefix, const ParameterVisitor& f) {
  embeddings.visit(prefix + "embeddings", f);
  for (size_t i = 0; i < layers_.size(); ++i)
    layers_[i].visit(prefix + "encoder.layer." + std::to_string(i), f);
}

}  // namespace robertorch
