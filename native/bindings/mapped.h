#pragma once

#include "bindings/environment.h"

namespace robertorch {

void registerMapped(Environment& environment, Napi::Object& exports);

}  // namespace robertorch
