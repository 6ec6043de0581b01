// The losses of the heads, as in transformers' modeling_roberta.py.
#pragma once

#include <string>

#include "core/torch.h"

namespace robertorch {

/** Label that the cross entropy leaves out, as in PyTorch. */
constexpr int64_t kIgnoreIndex = -100;

/** Mean cross entropy of (…, classes) against int64 labels (…). Labels are checked before the kernel sees
 * them. */
at::Tensor crossEntropyLoss(const at::Tensor& logits, const at::Tensor& labels, const std::string& limitName);

/**
 * The sequence classification loss for `problem_type` ("" is decided here from the labels' dtype and written
 * back): regression (mean squared error), single_label_classification, multi_label_classification (BCE with
 * logits).
 */
at::Tensor sequenceClassificationLoss(const at::Tensor& logits, const at::Tensor& labels,
                                      std::string& problem_type);

}  // namespace robertorch
