// Values between JavaScript and LibTorch.
#pragma once

#include <napi.h>

#include <span>

#include "bindings/environment.h"
#include "core/operators/signature.h"

namespace robertorch {

inline napi_valuetype typeOf(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  return type;
}

/**
 * False when the value does not fit the parameter; throws DisposedError for a disposed tensor. `self`: the
 * operator's first argument, where that is a tensor and not this value.
 */
bool convertArgument(Environment& environment, const Parameter& parameter, napi_value value,
                     const at::Tensor* self, c10::IValue& out);

/** An integer, or a tensor with one, as Python's `__index__` gives it. */
bool readIndex(Environment& environment, napi_value value, int64_t& out);

/** An object with numbers `re` and `im`: a complex number. */
bool isComplexNumber(napi_env env, napi_value value);

/** Several ints as one list; false when one is no integer. */
bool convertInts(Environment& environment, std::span<const napi_value> values, c10::IValue& out);

/** One result of an operator. `graphBytes`: what autograd keeps behind it. */
napi_value toJs(Environment& environment, const c10::IValue& value, int64_t graphBytes = 0);

/** A whole number as a JS number, or as a bigint beyond 2^53. */
napi_value intToJs(napi_env env, int64_t value);

/** A dtype object of the facade (it carries `code`), or a name such as 'float32' or 'torch.float32'. */
std::optional<at::ScalarType> dtypeFrom(Environment& environment, napi_value value);

/** A device object of the facade (`type`, `index`), or a string such as 'cpu' or 'cuda:0'. */
std::optional<at::Device> deviceFrom(Environment& environment, napi_value value);

/** False when the value is no name of one. */
bool convertLayout(Environment& environment, napi_value value, c10::IValue& out);
bool convertMemoryFormat(Environment& environment, napi_value value, c10::IValue& out);

/** A layout's name as in PyTorch, without `torch.`. */
std::string layoutName(at::Layout layout);

/** Converts arguments of hand-written bindings; throws ArgumentError naming `what`. */
std::string stringFrom(const Napi::Value& value, const char* what);
int64_t intFrom(Environment& environment, const Napi::Value& value, const char* what);
std::vector<int64_t> intsFrom(Environment& environment, const Napi::Value& value, const char* what);
std::vector<at::Tensor> tensorsFrom(Environment& environment, const Napi::Value& value, const char* what);
at::ScalarType requireDtype(Environment& environment, const Napi::Value& value, const char* what);

}  // namespace robertorch
