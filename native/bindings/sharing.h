#pragma once

#include "bindings/environment.h"

namespace robertorch {

void registerSharing(Environment& environment, Napi::Object& exports);

}  // namespace robertorch
