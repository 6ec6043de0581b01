#include "bindings/environment.h"

#include "core/runtime/errors.h"

namespace robertorch {

Environment::Environment(Napi::Env environment)
    : env(environment),
      handles(environment),
      thread(std::make_shared<JsThread>(environment)),
      async(environment, thread) {
  Napi::HandleScope scope(environment);
  objectPrototype = Napi::Persistent(
      environment.Global().Get("Object").As<Napi::Object>().Get("prototype").As<Napi::Object>());
  napi_set_instance_data(
      env, this, [](napi_env, void* data, void*) { delete static_cast<Environment*>(data); }, nullptr);
  // After the thread-safe function of `thread`, whose own hook must run after this one (hooks run last in,
  // first out).
  napi_add_env_cleanup_hook(
      env,
      [](void* data) {
        auto* self = static_cast<Environment*>(data);
        self->thread->close();
        self->guards.clear();
        self->errorFactory.Reset();
        self->hookError.Reset();
        self->objectPrototype.Reset();
        self->handles.close();
      },
      this);
}

Environment& Environment::of(napi_env env) {
  void* data = nullptr;
  napi_get_instance_data(env, &data);
  return *static_cast<Environment*>(data);
}

Napi::Error Environment::makeError(const std::exception_ptr& exception) {
  if (!hookError.IsEmpty()) return std::exchange(hookError, Napi::Error());
  const ErrorDescription description = describe(exception);
  if (errorFactory.IsEmpty()) return Napi::Error::New(env, description.message);
  const Napi::Value error = errorFactory.Call(
      {Napi::String::New(env, errorKindName(description.kind)), Napi::String::New(env, description.message),
       Napi::String::New(env, description.hint), Napi::String::New(env, description.trace)});
  return Napi::Error(env, error);
}

}  // namespace robertorch
