#pragma once

#include "bindings/environment.h"

namespace robertorch {

void registerRuntime(Environment& environment, Napi::Object& exports);

}  // namespace robertorch
