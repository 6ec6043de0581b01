#pragma once

#include "bindings/environment.h"

namespace robertorch {

void registerSafetensors(Environment& environment, Napi::Object& exports);

}  // namespace robertorch
