#include "core/roberta/heads.h"

#include <ATen/ops/dropout.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/zeros.h>

namespace robertorch {

Pooler::Pooler(const RobertaConfig& config, Initialization how)
    : dense(config.hidden_size, config.hidden_size, how) {}

at::Tensor Pooler::forward(const at::Tensor& x) const { return at::tanh(dense.forward(x.select(1, 0))); }

void Pooler::visit(const std::string& prefix, const ParameterVisitor& f) {
  dense.visit(prefix + ".dense", f);
}

LmHead::LmHead(const RobertaConfig& config, Initialization how)
    : dense(config.hidden_size, config.hidden_size, how),
      norm(config.hidden_size, config.layer_norm_eps),
      bias(at::zeros({config.vocab_size}, at::kFloat).set_requires_grad(true)),
      tied(config.tie_word_embeddings) {
  // Drawn even when tying replaces it, since Python's constructor draws it too.
  decoder = Linear(config.hidden_size, config.vocab_size, how).weight;
}

at::Tensor LmHead::forward(const at::Tensor& x) const {
  return at::linear(norm.forward(at::gelu(dense.forward(x))), decoder, bias);
}

void LmHead::visit(const std::string& prefix, const ParameterVisitor& f) {
  f(prefix + ".bias", bias);
  dense.visit(prefix + ".dense", f);
  norm.visit(prefix + ".layer_norm", f);
  if (!tied) f(prefix + ".decoder.weight", decoder);
}

ClassificationHead::ClassificationHead(const RobertaConfig& config, Initialization how)
    : dense(config.hidden_size, config.hidden_size, how),
      outProj(config.hidden_size, config.num_labels, how),
      dropout(config.classifier_dropout) {}

at::Tensor ClassificationHead::forward(const at::Tensor& x, bool training) const {
  at::Tensor first = at::dropout(x.select(1, 0), dropout, training);  // (B, C)
  first = at::dropout(at::tanh(dense.forward(first)), dropout, training);
  return outProj.forward(first);
}

void ClassificationHead::visit(const std::string& prefix, const ParameterVisitor& f) {
  dense.visit(prefix + ".dense", f);
  outProj.visit(prefix + ".out_proj", f);
}

}  // namespace robertorch
