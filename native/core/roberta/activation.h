// Transformers' ACT2FN: the activations that config.json may name.
#pragma once

#include "core/torch.h"

namespace robertorch {

using Activation = at::Tensor (*)(const at::Tensor&);

/** Throws ConfigError naming the known ones. */
Activation findActivation(const std::string& name);

}  // namespace robertorch
