#include "core/roberta/heads/classification.h"

#include <ATen/ops/dropout.h>
#include <ATen/ops/tanh.h>

#include "core/roberta/losses.h"

namespace robertorch {
namespace {

void addLoss(const HeadInput& input, ModelOutput& output) {
  if (!input.inputs.labels.defined()) return;
  output.problem_type = input.inputs.problem_type;
  output.loss = sequenceClassificationLoss(output.logits, input.inputs.labels, output.problem_type);
}

}  // namespace

FirstTokenClassificationHead::FirstTokenClassificationHead(const RobertaConfig& config, Initialization how)
    : dense_(config.hidden_size, config.hidden_size, how),
      outProj_(config.hidden_size, config.num_labels, how),
      dropout_(config.classifier_dropout) {}

void FirstTokenClassificationHead::forward(const HeadInput& input, ModelOutput& output) const {
  at::Tensor first = at::dropout(input.states.select(1, 0), dropout_, input.inputs.training);  // (B, C)
  first = at::dropout(at::tanh(dense_.forward(first)), dropout_, input.inputs.training);
  output.logits = outProj_.forward(first);
  addLoss(input, output);
}

void FirstTokenClassificationHead::visit(const ParameterVisitor& f) {
  dense_.visit("classifier.dense", f);
  outProj_.visit("classifier.out_proj", f);
}

PooledClassificationHead::PooledClassificationHead(const RobertaConfig& config, Initialization how)
    : classifier_(config.hidden_size, config.num_labels, how), dropout_(config.classifier_dropout) {}

void PooledClassificationHead::forward(const HeadInput& input, ModelOutput& output) const {
  output.logits = classifier_.forward(at::dropout(input.pooled, dropout_, input.inputs.training));
  addLoss(input, output);
}

void PooledClassificationHead::visit(const ParameterVisitor& f) { classifier_.visit("classifier", f); }

TokenClassificationHead::TokenClassificationHead(const RobertaConfig& config, Initialization how)
    : classifier_(config.hidden_size, config.num_labels, how), dropout_(config.classifier_dropout) {}

void TokenClassificationHead::forward(const HeadInput& input, ModelOutput& output) const {
  output.logits = classifier_.forward(at::dropout(input.states, dropout_, input.inputs.training));
  if (input.inputs.labels.defined())
    output.loss = crossEntropyLoss(output.logits, input.inputs.labels, "num_labels");
}

void TokenClassificationHead::visit(const ParameterVisitor& f) { classifier_.visit("classifier", f); }

}  // namespace robertorch
