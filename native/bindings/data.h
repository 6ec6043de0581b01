#pragma once

#include "bindings/environment.h"

namespace robertorch {

void registerData(Environment& environment, Napi::Object& exports);

}  // namespace robertorch
