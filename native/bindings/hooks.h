#pragma once

#include "bindings/environment.h"

namespace robertorch {

void registerHooks(Environment& environment, Napi::Object& exports);

}  // namespace robertorch
