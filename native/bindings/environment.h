// All state of one Node environment (the main thread or a worker). There is no other: no statics hold JS
// values.
#pragma once

#include <napi.h>

#include "bindings/anomaly.h"
#include "bindings/async.h"
#include "bindings/handles.h"

namespace robertorch {

class Environment {
 public:
  explicit Environment(Napi::Env env);

  static Environment& of(napi_env env);
  /** That of the calling thread, null on threads that run no JS. */
  static Environment* current();

  /** A JS error of the class in lib/errors.ts that fits the exception. */
  Napi::Error makeError(const std::exception_ptr& exception);

  napi_env env;
  HandleTable handles;
  InUse inUse;
  std::shared_ptr<JsThread> thread;
  AsyncCalls async;
  Napi::FunctionReference errorFactory;
  Napi::Error hookError;                      // thrown by a JS hook: it goes on when autograd has unwound
  Napi::ObjectReference objectPrototype;      // tells a plain options object from other objects
  std::shared_ptr<AnomalyDetection> anomaly;  // null while anomaly mode is off
  std::vector<std::shared_ptr<void>> guards;  // no_grad, inference_mode, …: entered and not yet left
};

using Handler = Napi::Value (*)(Environment&, const Napi::CallbackInfo&);

/** Turns whatever native code throws into a typed JS error. Every function that JS can call goes through it.
 */
template <Handler handler>
Napi::Value guarded(const Napi::CallbackInfo& info) {
  Environment& environment = Environment::of(info.Env());
  try {
    return handler(environment, info);
  } catch (const Napi::Error&) {
    throw;
  } catch (...) {
    throw environment.makeError(std::current_exception());
  }
}

template <Handler handler>
void define(Napi::Object& exports, const char* name) {
  exports.Set(name, Napi::Function::New<guarded<handler>>(exports.Env(), name));
}

}  // namespace robertorch
