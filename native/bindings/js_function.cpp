#include "bindings/js_function.h"

#include "core/runtime/errors.h"

namespace robertorch {

JsFunction::JsFunction(Environment& environment, const Napi::Function& function)
    : thread_(environment.thread), environment_(&environment) {
  napi_create_reference(environment.env, function, 1, &function_);
}

JsFunction::~JsFunction() { thread_->release(function_); }

std::vector<at::Tensor> JsFunction::call(const std::vector<at::Tensor>& arguments) {
  if (thread_->isCurrent()) return callHere(*environment_, arguments);
  std::vector<at::Tensor> result;
  // Grad mode and autocast are the calling thread's: the engine sets them for what the hook computes.
  const at::ThreadLocalState state;
  thread_->run([&](Environment& environment) {
    at::ThreadLocalStateGuard guard(state);
    result = callHere(environment, arguments);
  });
  return result;
}

std::vector<at::Tensor> JsFunction::callHere(Environment& environment,
                                             const std::vector<at::Tensor>& arguments) {
  Napi::HandleScope scope(environment.env);
  napi_value function;
  napi_get_reference_value(environment.env, function_, &function);
  std::vector<napi_value> values;
  for (const at::Tensor& argument : arguments) values.push_back(environment.handles.wrap(argument));
  std::vector<at::Tensor> tensors;
  const auto read = [&](const Napi::Value& value) {
    const bool none = value.IsNull() || value.IsUndefined();
    tensors.push_back(none ? at::Tensor() : environment.handles.tensor(value, "the result of a hook"));
  };
  try {
    const Napi::Value result = Napi::Function(environment.env, function).Call(values);
    if (!result.IsArray()) {
      read(result);
      return tensors;
    }
    const Napi::Array list = result.As<Napi::Array>();
    for (uint32_t i = 0; i < list.Length(); ++i) read(list.Get(i));
    return tensors;
  } catch (const Napi::Error& error) {
    environment.hookError = error;
    throw Error(ErrorKind::kTorch, "a JavaScript hook threw");
  }
}

}  // namespace robertorch
