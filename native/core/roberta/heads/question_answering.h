// The head of RobertaForQuestionAnswering: where in the text the answer begins and ends.
#pragma once

#include "core/roberta/heads/head.h"

namespace robertorch {

/**
 * start_logits and end_logits (B, T). Positions (B) outside the sequence do not count. As in Transformers the
 * loss's softmax runs over padding too.
 */
class QuestionAnsweringHead : public Head {
 public:
  QuestionAnsweringHead(const RobertaConfig& config, Initialization how);
  void forward(const HeadInput& input, ModelOutput& output) const override;
  void visit(const ParameterVisitor& f) override;

 private:
  Linear outputs_;
};

}  // namespace robertorch
