// torch.Generator: a random number generator of its own.
#pragma once

#include <ATen/core/Generator.h>

#include "bindings/environment.h"

namespace robertorch {

std::optional<at::Generator> generatorFrom(Environment& environment, napi_value value);
void registerGenerator(Environment& environment, Napi::Object& exports);

}  // namespace robertorch
