#include "core/roberta/heads/question_answering.h"

#include <ATen/ops/cross_entropy_loss.h>

#include "core/runtime/errors.h"

namespace robertorch {
namespace {

// (B) or (B, 1), moved into 0..T, where T is ignored.
at::Tensor targets(const at::Tensor& positions, const at::Tensor& logits, const char* name) {
  if (positions.scalar_type() != at::kLong) {
    throw Error(ErrorKind::kDType,
                std::string(name) + " must be int64, is " + c10::toString(positions.scalar_type()));
  }
  const at::Tensor flat = positions.dim() > 1 ? positions.squeeze(-1) : positions;
  if (flat.dim() != 1 || flat.size(0) != logits.size(0)) {
    throw Error(ErrorKind::kShape, std::string(name) + " has shape " + shapeText(positions) +
                                       ", expected one position for each of the " +
                                       std::to_string(logits.size(0)) + " sequences");
  }
  if (flat.device() != logits.device()) {
    throw Error(ErrorKind::kDevice, std::string(name) + " is on " + flat.device().str() + ", the model on " +
                                        logits.device().str());
  }
  return flat.clamp(0, logits.size(1));
}

at::Tensor lossOf(const at::Tensor& logits, const at::Tensor& positions, const char* name) {
  return at::cross_entropy_loss(logits, targets(positions, logits, name), {}, at::Reduction::Mean,
                                /*ignore_index=*/logits.size(1));
}

}  // namespace

QuestionAnsweringHead::QuestionAnsweringHead(const RobertaConfig& config, Initialization how)
    : outputs_(config.hidden_size, config.num_labels, how) {
  if (config.num_labels != 2) {
    throw Error(ErrorKind::kConfig, "config: num_labels is " + std::to_string(config.num_labels) +
                                        ", question answering needs 2 (start and end)");
  }
}

void QuestionAnsweringHead::forward(const HeadInput& input, ModelOutput& output) const {
  const std::vector<at::Tensor> logits = outputs_.forward(input.states).split(1, -1);  // (B, T, 1) each
  output.start_logits = logits[0].squeeze(-1).contiguous();
  output.end_logits = logits[1].squeeze(-1).contiguous();
  const auto& [start, end] = std::tie(input.inputs.start_positions, input.inputs.end_positions);
  if (start.defined() != end.defined()) {
    throw Error(ErrorKind::kArgument, start.defined() ? "start_positions is given without end_positions"
                                                      : "end_positions is given without start_positions");
  }
  if (!start.defined()) return;
  output.loss = (lossOf(output.start_logits, start, "start_positions") +
                 lossOf(output.end_logits, end, "end_positions")) /
                2;
}

void QuestionAnsweringHead::visit(const ParameterVisitor& f) { outputs_.visit("qa_outputs", f); }

}  // namespace robertorch
