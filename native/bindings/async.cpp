#include "bindings/async.h"

#include "bindings/environment.h"
#include "core/runtime/errors.h"

namespace robertorch {

AsyncCalls::AsyncCalls(Napi::Env env) : env_(env) {
  const Napi::String name = Napi::String::New(env, "robertorch");
  if (napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, this, &settle,
                                      &channel_->wake) != napi_ok) {
    throw Error(ErrorKind::kTorch, "the environment's thread-safe function could not be made");
  }
  napi_unref_threadsafe_function(env, channel_->wake);
}

Napi::Value AsyncCalls::submit(std::unique_ptr<AsyncCall> call) {
  const Napi::Value promise = call->deferred.Promise();
  AsyncCall* raw = call.get();
  {
    std::lock_guard lock(channel_->mutex);
    ++channel_->unfinished;
  }
  try {
    Executor::forCpu().submit([channel = channel_, raw] {
      bool closing;
      {
        std::lock_guard lock(channel->mutex);
        closing = channel->closing;
      }
      if (!closing) {
        try {
          at::ThreadLocalStateGuard guard(raw->state);
          raw->work();
        } catch (...) {
          raw->error = std::current_exception();
        }
      }
      std::lock_guard lock(channel->mutex);
      // While closing, the call is leaked: its promise belongs to a JS heap that is going away.
      if (!channel->closing) napi_call_threadsafe_function(channel->wake, raw, napi_tsfn_nonblocking);
      --channel->unfinished;
      channel->idle.notify_all();
    });
  } catch (...) {
    std::lock_guard lock(channel_->mutex);
    --channel_->unfinished;
    throw;
  }
  call.release();
  if (pending_++ == 0) napi_ref_threadsafe_function(env_, channel_->wake);
  return promise;
}

void AsyncCalls::settle(napi_env env, napi_value, void* context, void* data) {
  if (env == nullptr) return;  // torn down between the call and now
  auto* self = static_cast<AsyncCalls*>(context);
  std::unique_ptr<AsyncCall> call(static_cast<AsyncCall*>(data));
  if (--self->pending_ == 0) napi_unref_threadsafe_function(env, self->channel_->wake);
  Environment& environment = Environment::of(env);
  Napi::HandleScope scope(env);
  try {
    if (call->error) std::rethrow_exception(call->error);
    call->deferred.Resolve(call->finish(environment));
  } catch (const Napi::Error& error) {
    call->deferred.Reject(error.Value());
  } catch (...) {
    call->deferred.Reject(environment.makeError(std::current_exception()).Value());
  }
}

void AsyncCalls::close() {
  std::unique_lock lock(channel_->mutex);
  channel_->closing = true;
  channel_->idle.wait(lock, [this] { return channel_->unfinished == 0; });
}

}  // namespace robertorch
