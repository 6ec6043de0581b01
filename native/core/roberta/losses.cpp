#include "core/roberta/losses.h"

#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/mse_loss.h>
#include <ATen/ops/squeeze.h>

#include "core/roberta/inputs.h"
#include "core/runtime/errors.h"

namespace robertorch {
namespace {

[[noreturn]] void refuseShape(const at::Tensor& labels, const std::string& expected) {
  throw Error(ErrorKind::kShape, "labels has shape " + shapeText(labels) + ", expected " + expected);
}

void expectFloating(const at::Tensor& labels, const std::string& problem_type) {
  if (!labels.is_floating_point()) {
    throw Error(ErrorKind::kDType,
                "labels must be float32 for " + problem_type + ", are " + c10::toString(labels.scalar_type()),
                "convert them: labels.to(torch.float32)");
  }
}

}  // namespace

at::Tensor crossEntropyLoss(const at::Tensor& logits, const at::Tensor& labels,
                            const std::string& limitName) {
  const int64_t classes = logits.size(-1);
  if (labels.scalar_type() != at::kLong) {
    throw Error(ErrorKind::kDType,
                std::string("labels must be int64, are ") + c10::toString(labels.scalar_type()));
  }
  if (labels.numel() != logits.numel() / classes) {
    refuseShape(labels,
                "one label for each of the " + std::to_string(logits.numel() / classes) + " predictions");
  }
  if (labels.device() != logits.device()) {
    throw Error(ErrorKind::kDevice,
                "labels is on " + labels.device().str() + ", the model on " + logits.device().str(),
                "move it: labels.to(model.device)");
  }
  checkIds(labels, classes, "labels", limitName, kIgnoreIndex);
  return at::cross_entropy_loss(logits.view({-1, classes}), labels.reshape({-1}));
}

at::Tensor sequenceClassificationLoss(const at::Tensor& logits, const at::Tensor& labels,
                                      std::string& problem_type) {
  const int64_t num_labels = logits.size(1);
  if (problem_type.empty()) {
    const bool whole = labels.scalar_type() == at::kLong || labels.scalar_type() == at::kInt;
    problem_type = num_labels == 1 ? "regression"
                   : whole         ? "single_label_classification"
                                   : "multi_label_classification";
  }
  if (problem_type == "single_label_classification") return crossEntropyLoss(logits, labels, "num_labels");
  if (problem_type == "regression") {
    expectFloating(labels, problem_type);
    if (labels.numel() != logits.numel())
      refuseShape(labels, "as many values as logits, " + shapeText(logits));
    return num_labels == 1 ? at::mse_loss(logits.squeeze(), labels.squeeze()) : at::mse_loss(logits, labels);
  }
  if (problem_type == "multi_label_classification") {
    expectFloating(labels, problem_type);
    if (labels.sizes() != logits.sizes()) refuseShape(labels, shapeText(logits));
    return at::binary_cross_entropy_with_logits(logits, labels);
  }
  throw Error(ErrorKind::kConfig, "config: problem_type '" + problem_type +
                                      "' is not known; known are regression, "
                                      "single_label_classification and multi_label_classification");
}

}  // namespace robertorch
