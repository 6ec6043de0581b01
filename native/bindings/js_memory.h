// Memory that JavaScript and a tensor use at the same time, in both directions.
#pragma once

#include "bindings/environment.h"

namespace robertorch {

/** A 1-d tensor over the memory behind a typed array, from its first byte on. Keeps its buffer alive. */
at::Tensor tensorOverView(Environment& environment, const Napi::Value& view, int64_t elements,
                          at::ScalarType dtype);

/** Whether a storage's memory belongs to a JS buffer: it lives no longer than that buffer's environment. */
bool ownedByJs(const c10::Storage& storage);

/** An ArrayBuffer over a contiguous CPU tensor's memory. Keeps its storage alive. */
Napi::Value arrayBufferOver(Environment& environment, const at::Tensor& tensor);

}  // namespace robertorch
