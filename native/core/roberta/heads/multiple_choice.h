// The head of RobertaForMultipleChoice: one score for each of several readings of a row.
#pragma once

#include "core/roberta/heads/head.h"

namespace robertorch {

/** Inputs (B, choices, T), logits (B, choices), labels (B): the right choice. */
class MultipleChoiceHead : public Head {
 public:
  MultipleChoiceHead(const RobertaConfig& config, Initialization how);
  void forward(const HeadInput& input, ModelOutput& output) const override;
  void visit(const ParameterVisitor& f) override;
  ModelInputs flatten(const ModelInputs& inputs) const override;

 private:
  Linear classifier_;
  double dropout_;
};

}  // namespace robertorch
