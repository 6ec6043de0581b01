// Heads of pre-training with pairs of sentences: does the second follow the first (BERT), are they in order
// (ALBERT)?
#pragma once

#include "core/roberta/heads/language_model.h"

namespace robertorch {

/** BertForNextSentencePrediction: logits (B, 2) over the pooler's output; labels (B), 0 for a pair that
 * belongs together. */
class SentencePairHead : public Head {
 public:
  SentencePairHead(const RobertaConfig& config, Initialization how);
  void forward(const HeadInput& input, ModelOutput& output) const override;
  void visit(const ParameterVisitor& f) override;
  at::Tensor logits(const at::Tensor& pooled, bool training) const;

 private:
  Linear classifier_;
  double dropout_;
  std::string name_;
};

/**
 * BertForPreTraining, and for RoBERTa what AlbertForPreTraining does: masked LM and the sentence pair at
 * once. The loss is the sum of both, so both labels are needed.
 */
class PreTrainingHead : public LanguageModelHead {
 public:
  PreTrainingHead(const RobertaConfig& config, Initialization how);
  void forward(const HeadInput& input, ModelOutput& output) const override;
  void visit(const ParameterVisitor& f) override;

 private:
  SentencePairHead pair_;
};

}  // namespace robertorch
