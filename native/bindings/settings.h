#pragma once

#include "bindings/environment.h"

namespace robertorch {

void registerSettings(Environment& environment, Napi::Object& exports);

}  // namespace robertorch
