#include "core/roberta/encoder.h"

#include <ATen/ops/ones.h>

#include "core/roberta/attention_mask.h"

namespace robertorch {

Encoder::Encoder(const RobertaConfig& config, Initialization how)
    : embeddings(config, how), attention_(config.attention) {
  layers_.reserve(config.num_hidden_layers);
  for (int64_t i = 0; i < config.num_hidden_layers; ++i) layers_.emplace_back(config, how);
}

EncoderOutput Encoder::forward(const ModelInputs& inputs, bool training) const {
  EncoderOutput output;
  at::Tensor x = embeddings.forward(inputs, training);
  at::Tensor mask;
  // Probabilities come from the eager form, which adds its mask even when nothing is masked.
  const auto attention = inputs.output_attentions ? AttentionImplementation::kEager : attention_;
  if (inputs.attention_mask.defined()) {
    mask = additiveAttentionMask(inputs.attention_mask, attention, x.scalar_type());
  } else if (attention == AttentionImplementation::kEager) {
    mask = additiveAttentionMask(at::ones({x.size(0), x.size(1)}, x.options().requires_grad(false)),
                                 attention, x.scalar_type());
  }
  if (inputs.output_hidden_states) output.hidden_states.push_back(x);
  for (const Layer& layer : layers_) {
    const SelfAttention::Result result = layer.forward(x, mask, inputs.output_attentions, training);
    x = result.context;
    if (inputs.output_hidden_states) output.hidden_states.push_back(x);
    if (inputs.output_attentions) output.attentions.push_back(result.probabilities);
  }
  output.last_hidden_state = x;
  return output;
}

void Encoder::visit(const std::string& prefix, const ParameterVisitor& f) {
  embeddings.visit(prefix + "embeddings", f);
  for (size_t i = 0; i < layers_.size(); ++i)
    layers_[i].visit(prefix + "encoder.layer." + std::to_string(i), f);
}

}  // namespace robertorch
