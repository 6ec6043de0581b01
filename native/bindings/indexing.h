#pragma once

#include "bindings/environment.h"

namespace robertorch {

void registerIndexing(Environment& environment, Napi::Object& exports);

}  // namespace robertorch
