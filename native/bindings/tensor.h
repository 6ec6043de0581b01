#pragma once

#include "bindings/environment.h"

namespace robertorch {

void registerTensor(Environment& environment, Napi::Object& exports);

}  // namespace robertorch
