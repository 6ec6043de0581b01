#pragma once

#include "bindings/environment.h"

namespace robertorch {

void registerModel(Environment& environment, Napi::Object& exports);

}  // namespace robertorch
