#pragma once

#include "bindings/environment.h"

namespace robertorch {

struct Bytes {
  const void* data;
  size_t size;
};

/** The memory behind a typed array or DataView (over a SharedArrayBuffer too) or an ArrayBuffer. */
Bytes bytesOf(const Napi::Value& value);

void registerData(Environment& environment, Napi::Object& exports);

}  // namespace robertorch
