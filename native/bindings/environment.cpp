#include "bindings/environment.h"

#include "core/runtime/errors.h"

namespace robertorch {
namespace {

thread_local Environment* ofThisThread = nullptr;

// A hook's error stays what it is; anomaly mode adds to its stack.
void addForwardStack(Napi::Error& error, const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const BackwardError& backward) {
    if (!error.Value().IsObject()) return;
    const Napi::Value stack = error.Value().As<Napi::Object>().Get("stack");
    if (!stack.IsString()) return;
    const std::string text = stack.As<Napi::String>();
    error.Value().As<Napi::Object>().Set("stack", text + "\n\n" + backward.forward);
  } catch (...) {
    // Nothing to add.
  }
}

}  // namespace

Environment::Environment(Napi::Env environment)
    : env(environment),
      handles(environment),
      thread(std::make_shared<JsThread>(environment)),
      async(environment, thread) {
  ofThisThread = this;
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
        self->anomaly.reset();
        ofThisThread = nullptr;
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

Environment* Environment::current() { return ofThisThread; }

Napi::Error Environment::makeError(const std::exception_ptr& exception) {
  if (!hookError.IsEmpty()) {
    Napi::Error error = std::exchange(hookError, Napi::Error());
    addForwardStack(error, exception);
    return error;
  }
  const ErrorDescription description = describe(exception);
  if (errorFactory.IsEmpty()) return Napi::Error::New(env, description.message);
  const Napi::Value error = errorFactory.Call(
      {Napi::String::New(env, errorKindName(description.kind)), Napi::String::New(env, description.message),
       Napi::String::New(env, description.hint), Napi::String::New(env, description.trace)});
  return Napi::Error(env, error);
}

}  // namespace robertorch
