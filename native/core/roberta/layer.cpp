#include "core/roberta/layer.h"

namespace robertorch {

Layer::Layer(const RobertaConfig& config, Initialization how)
    : attention_(config, how),
      attentionOutput_(config.hidden_size, config, how),
      intermediate_(config.hidden_size, config.intermediate_size, how),
      activation_(findActivation(config.hidden_act)),
      output_(config.intermediate_size, config, how) {}

SelfAttention::Result Layer::forward(const at::Tensor& x, const at::Tensor& mask, bool wantProbabilities,
                                     bool training) const {
  const SelfAttention::Result attended = attention_.forward(x, mask, wantProbabilities, training);
  const at::Tensor mixed = attentionOutput_.forward(attended.context, x, training);
  const at::Tensor inner = activation_(intermediate_.forward(mixed));  // (B, T, 4C)
  return {output_.forward(inner, mixed, training), attended.probabilities};
}

void Layer::visit(const std::string& prefix, const ParameterVisitor& f) {
  attention_.visit(prefix + ".attention.self", f);
  attentionOutput_.visit(prefix + ".attention.output", f);
  intermediate_.visit(prefix + ".intermediate.dense", f);
  output_.visit(prefix + ".output", f);
}

}  // namespace robertorch
