// transformers RobertaPooler: dense and tanh over the first token.
#pragma once

#include "core/roberta/config.h"
#include "core/roberta/modules.h"

namespace robertorch {

struct Pooler {
  Linear dense;

  Pooler(const RobertaConfig& config, Initialization how);
  at::Tensor forward(const at::Tensor& x) const;  // (B, T, C) → (B, C)
  void visit(const std::string& prefix, const ParameterVisitor& f);
};

}  // namespace robertorch
