#include "core/roberta/pooler.h"

#include <ATen/ops/tanh.h>

namespace robertorch {

Pooler::Pooler(const RobertaConfig& config, Initialization how)
    : dense(config.hidden_size, config.hidden_size, how) {}

at::Tensor Pooler::forward(const at::Tensor& x) const { return at::tanh(dense.forward(x.select(1, 0))); }

void Pooler::visit(const std::string& prefix, const ParameterVisitor& f) {
  dense.visit(prefix + ".dense", f);
}

}  // namespace robertorch
