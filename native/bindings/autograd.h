#pragma once

#include "bindings/environment.h"

namespace robertorch {

void registerAutograd(Environment& environment, Napi::Object& exports);

}  // namespace robertorch
