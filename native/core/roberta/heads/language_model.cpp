#include "core/roberta/heads/language_model.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/zeros.h>

#include "core/roberta/losses.h"
#include "core/runtime/errors.h"

namespace robertorch {

LmDecoder::LmDecoder(const RobertaConfig& config, Initialization how)
    : dense(config.hidden_size, config.hidden_size, how),
      activation(findActivation(config.family.lmActivationIsGelu ? "gelu" : config.hidden_act)),
      norm(config.hidden_size, config.layer_norm_eps),
      // Drawn even when tying replaces it, since Python's constructor draws it too.
      decoder(config.hidden_size, config.vocab_size, how, /*withBias=*/config.family.lmActivationIsGelu),
      bias(at::zeros({config.vocab_size}, at::kFloat).set_requires_grad(true)),
      prefix(config.family.lmHead),
      denseName(config.family.lmDense),
      normName(config.family.lmNorm) {}

at::Tensor LmDecoder::forward(const at::Tensor& x) const {
  return at::linear(norm.forward(activation(dense.forward(x))), decoder.weight, bias);
}

void LmDecoder::visit(const ParameterVisitor& f) {
  f(prefix + ".bias", bias);
  dense.visit(prefix + "." + denseName, f);
  norm.visit(prefix + "." + normName, f);
  if (!tied) f(prefix + ".decoder.weight", decoder.weight);
}

void LmDecoder::tie(const at::Tensor& words) {
  decoder.weight = words;
  tied = true;
}

void MaskedLmHead::forward(const HeadInput& input, ModelOutput& output) const {
  output.logits = decoder_.forward(input.states);
  if (input.inputs.labels.defined())
    output.loss = crossEntropyLoss(output.logits, input.inputs.labels, "vocab_size");
}

void CausalLmHead::forward(const HeadInput& input, ModelOutput& output) const {
  output.logits = decoder_.forward(input.states);
  const at::Tensor& labels = input.inputs.labels;
  if (!labels.defined()) return;
  if (labels.dim() != 2 || labels.size(1) != output.logits.size(1)) {
    throw Error(ErrorKind::kShape, "labels has shape " + shapeText(labels) +
                                       ", expected the shape of input_ids: the model shifts them itself");
  }
  const at::Tensor end = at::full({labels.size(0), 1}, kIgnoreIndex, labels.options());
  const at::Tensor next = at::cat({labels.slice(1, 1), end}, 1);
  output.loss = crossEntropyLoss(output.logits.to(at::kFloat), next, "vocab_size");
}

}  // namespace robertorch
