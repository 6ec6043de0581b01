// LibTorch's own switches, for the whole process: default dtype, determinism, precision, threads.
#include "bindings/settings.h"

#include <ATen/autocast_mode.h>
#include <c10/core/DefaultDtype.h>

#include "bindings/convert.h"
#include "core/runtime/errors.h"

namespace robertorch {
namespace {

Napi::Value defaultDtype(Environment&, const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<int>(c10::get_default_dtype_as_scalartype()));
}

Napi::Value setDefaultDtype(Environment& environment, const Napi::CallbackInfo& info) {
  const at::ScalarType dtype = requireDtype(environment, info[0], "dtype");
  if (!at::isFloatingType(dtype)) {
    throw Error(ErrorKind::kDType,
                std::string("the default dtype must be a floating-point type, not ") + c10::toString(dtype));
  }
  c10::set_default_dtype(c10::scalarTypeToTypeMeta(dtype));
  return info.Env().Undefined();
}

Napi::Value deterministic(Environment&, const Napi::CallbackInfo& info) {
  const at::Context& context = at::globalContext();
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("enabled", context.deterministicAlgorithms());
  result.Set("warnOnly", context.deterministicAlgorithmsWarnOnly());
  return result;
}

Napi::Value setDeterministic(Environment&, const Napi::CallbackInfo& info) {
  at::globalContext().setDeterministicAlgorithms(info[0].ToBoolean(), info[1].ToBoolean());
  return info.Env().Undefined();
}

Napi::Value matmulPrecision(Environment&, const Napi::CallbackInfo& info) {
  switch (at::globalContext().float32MatmulPrecision()) {
    case at::Float32MatmulPrecision::HIGHEST:
      return Napi::String::New(info.Env(), "highest");
    case at::Float32MatmulPrecision::HIGH:
      return Napi::String::New(info.Env(), "high");
    case at::Float32MatmulPrecision::MEDIUM:
      return Napi::String::New(info.Env(), "medium");
  }
  throw Error(ErrorKind::kTorch, "LibTorch has a matmul precision that has no name here");
}

Napi::Value setMatmulPrecision(Environment&, const Napi::CallbackInfo& info) {
  const std::string precision = stringFrom(info[0], "precision");
  // LibTorch itself only warns and goes on with what was set before.
  if (precision != "highest" && precision != "high" && precision != "medium") {
    throw Error(ErrorKind::kArgument,
                "the matmul precision must be 'highest', 'high' or 'medium', not '" + precision + "'");
  }
  at::globalContext().setFloat32MatmulPrecision(precision);
  return info.Env().Undefined();
}

Napi::Value setFlushDenormal(Environment&, const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), at::globalContext().setFlushDenormal(info[0].ToBoolean()));
}

Napi::Value interopThreads(Environment&, const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(at::get_num_interop_threads()));
}

Napi::Value setInteropThreads(Environment& environment, const Napi::CallbackInfo& info) {
  const int64_t threads = intFrom(environment, info[0], "threads");
  if (threads < 1 || threads > 1024) {
    throw Error(ErrorKind::kArgument,
                "the number of interop threads must lie in 1..1024, is " + std::to_string(threads));
  }
  at::set_num_interop_threads(static_cast<int>(threads));
  return info.Env().Undefined();
}

Napi::Value warnAlways(Environment&, const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), c10::WarningUtils::get_warnAlways());
}

Napi::Value setWarnAlways(Environment&, const Napi::CallbackInfo& info) {
  c10::WarningUtils::set_warnAlways(info[0].ToBoolean());
  return info.Env().Undefined();
}

at::DeviceType deviceType(Environment& environment, const Napi::Value& value) {
  const auto device = deviceFrom(environment, value);
  if (!device) throw Error(ErrorKind::kArgument, "device_type must be a device such as 'cpu'");
  return device->type();
}

Napi::Value autocastEnabled(Environment& environment, const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), at::autocast::is_autocast_enabled(deviceType(environment, info[0])));
}

Napi::Value autocastDtype(Environment& environment, const Napi::CallbackInfo& info) {
  return Napi::Number::New(
      info.Env(), static_cast<int>(at::autocast::get_autocast_dtype(deviceType(environment, info[0]))));
}

}  // namespace

void registerSettings(Environment&, Napi::Object& exports) {
  define<defaultDtype>(exports, "defaultDtype");
  define<setDefaultDtype>(exports, "setDefaultDtype");
  define<deterministic>(exports, "deterministic");
  define<setDeterministic>(exports, "setDeterministic");
  define<matmulPrecision>(exports, "matmulPrecision");
  define<setMatmulPrecision>(exports, "setMatmulPrecision");
  define<setFlushDenormal>(exports, "setFlushDenormal");
  define<interopThreads>(exports, "interopThreads");
  define<setInteropThreads>(exports, "setInteropThreads");
  define<warnAlways>(exports, "warnAlways");
  define<setWarnAlways>(exports, "setWarnAlways");
  define<autocastEnabled>(exports, "autocastEnabled");
  define<autocastDtype>(exports, "autocastDtype");
}

}  // namespace robertorch
