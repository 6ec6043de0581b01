#pragma once

#include "bindings/environment.h"

namespace robertorch {

void registerOperators(Environment& environment, Napi::Object& exports);

}  // namespace robertorch
