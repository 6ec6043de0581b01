// Heads that give each sequence or each token one of `num_labels` labels, or scores.
#pragma once

#include "core/roberta/heads/head.h"

namespace robertorch {

/** transformers RobertaClassificationHead, over the first token: (B, T, C) → (B, num_labels) */
class FirstTokenClassificationHead : public Head {
 public:
  FirstTokenClassificationHead(const RobertaConfig& config, Initialization how);
  void forward(const HeadInput& input, ModelOutput& output) const override;
  void visit(const ParameterVisitor& f) override;

 private:
  Linear dense_, outProj_;
  double dropout_;
};

/** The head of BertForSequenceClassification, over the pooler's output: (B, C) → (B, num_labels) */
class PooledClassificationHead : public Head {
 public:
  PooledClassificationHead(const RobertaConfig& config, Initialization how);
  void forward(const HeadInput& input, ModelOutput& output) const override;
  void visit(const ParameterVisitor& f) override;

 private:
  Linear classifier_;
  double dropout_;
};

/** The head of RobertaForTokenClassification: (B, T, C) → (B, T, num_labels); labels (B, T), -100 ignored. */
class TokenClassificationHead : public Head {
 public:
  TokenClassificationHead(const RobertaConfig& config, Initialization how);
  void forward(const HeadInput& input, ModelOutput& output) const override;
  void visit(const ParameterVisitor& f) override;

 private:
  Linear classifier_;
  double dropout_;
};

}  // namespace robertorch
