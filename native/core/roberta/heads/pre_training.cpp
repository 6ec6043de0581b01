#include "core/roberta/heads/pre_training.h"

#include <ATen/ops/dropout.h>

#include "core/roberta/losses.h"
#include "core/runtime/errors.h"

namespace robertorch {

SentencePairHead::SentencePairHead(const RobertaConfig& config, Initialization how)
    : classifier_(config.hidden_size, 2, how),
      // ALBERT's head drops out, BERT's does not.
      dropout_(config.family.firstTokenHead ? config.classifier_dropout : 0.0),
      name_(config.family.sentencePair) {}

at::Tensor SentencePairHead::logits(const at::Tensor& pooled, bool training) const {
  return classifier_.forward(dropout_ > 0 ? at::dropout(pooled, dropout_, training) : pooled);
}

void SentencePairHead::forward(const HeadInput& input, ModelOutput& output) const {
  output.logits = logits(input.pooled, input.inputs.training);
  if (input.inputs.labels.defined())
    output.loss = crossEntropyLoss(output.logits, input.inputs.labels, "number of orders");
}

void SentencePairHead::visit(const ParameterVisitor& f) { classifier_.visit(name_, f); }

PreTrainingHead::PreTrainingHead(const RobertaConfig& config, Initialization how)
    : LanguageModelHead(config, how), pair_(config, how) {}

void PreTrainingHead::forward(const HeadInput& input, ModelOutput& output) const {
  output.prediction_logits = decoder_.forward(input.states);
  output.sentence_logits = pair_.logits(input.pooled, input.inputs.training);
  const at::Tensor &labels = input.inputs.labels, &order = input.inputs.sentence_label;
  if (labels.defined() != order.defined()) {
    throw Error(ErrorKind::kArgument,
                labels.defined() ? "labels are given without the label of the sentence pair"
                                 : "the label of the sentence pair is given without labels",
                "the pre-training loss is the sum of both; for masked LM alone use the ForMaskedLM class");
  }
  if (!labels.defined()) return;
  output.loss = crossEntropyLoss(output.prediction_logits, labels, "vocab_size") +
                crossEntropyLoss(output.sentence_logits, order, "number of orders");
}

void PreTrainingHead::visit(const ParameterVisitor& f) {
  LanguageModelHead::visit(f);
  pair_.visit(f);
}

}  // namespace robertorch
