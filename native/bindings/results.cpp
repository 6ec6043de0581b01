// Results on their way out: the half of convert.h that makes JavaScript values.
#include "bindings/convert.h"
#include "core/runtime/errors.h"

namespace robertorch {

napi_value intToJs(napi_env env, int64_t value) {
  napi_value out;
  constexpr int64_t kSafe = int64_t{1} << 53;
  if (value >= -kSafe && value <= kSafe)
    napi_create_int64(env, value, &out);
  else
    napi_create_bigint_int64(env, value, &out);
  return out;
}

namespace {

napi_value complexToJs(Napi::Env env, c10::complex<double> value) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("re", value.real());
  object.Set("im", value.imag());
  return object;
}

}  // namespace

napi_value toJs(Environment& environment, const c10::IValue& value, int64_t graphBytes) {
  const Napi::Env env(environment.env);
  napi_value out = nullptr;
  if (value.isTensor()) {
    out = environment.handles.wrap(value.toTensor(), graphBytes);
  } else if (value.isNone()) {
    out = env.Null();
  } else if (value.isInt()) {
    out = intToJs(env, value.toInt());
  } else if (value.isDouble()) {
    out = Napi::Number::New(env, value.toDouble());
  } else if (value.isBool()) {
    out = Napi::Boolean::New(env, value.toBool());
  } else if (value.isString()) {
    out = Napi::String::New(env, value.toStringRef());
  } else if (value.isDevice()) {
    out = Napi::String::New(env, value.toDevice().str());
  } else if (value.isScalar()) {
    const at::Scalar scalar = value.toScalar();
    if (scalar.isBoolean())
      out = Napi::Boolean::New(env, scalar.toBool());
    else if (scalar.isIntegral(false))
      out = intToJs(env, scalar.toLong());
    else if (scalar.isFloatingPoint())
      out = Napi::Number::New(env, scalar.toDouble());
    else if (scalar.isComplex())
      out = complexToJs(env, scalar.toComplexDouble());
  } else if (value.isList() || value.isTuple()) {
    const auto fill = [&](const auto& elements) {
      Napi::Array array = Napi::Array::New(env, elements.size());
      for (size_t i = 0; i < elements.size(); ++i) {
        const c10::IValue element = elements[i];
        array.Set(static_cast<uint32_t>(i),
                  Napi::Value(env, toJs(environment, element, i == 0 ? graphBytes : 0)));
      }
      return array;
    };
    out = value.isTuple() ? fill(value.toTupleRef().elements().vec()) : fill(value.toListRef());
  }
  if (out == nullptr) {
    throw Error(ErrorKind::kTorch, "a result of type " + value.tagKind() + " has no JavaScript form");
  }
  return out;
}

}  // namespace robertorch
