#include "bindings/async.h"

#include "bindings/environment.h"
#include "core/runtime/errors.h"

namespace robertorch {

JsThread::JsThread(Napi::Env env) : env_(env) {
  const Napi::String name = Napi::String::New(env, "robertorch");
  if (napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, this, &deliver,
                                      &wake_) != napi_ok) {
    throw Error(ErrorKind::kTorch, "the environment's thread-safe function could not be made");
  }
  keepAlive(false);
}

bool JsThread::post(Delivery* delivery) {
  std::lock_guard lock(mutex_);
  if (closing_) return false;
  return napi_call_threadsafe_function(wake_, delivery, napi_tsfn_nonblocking) == napi_ok;
}

void JsThread::run(const std::function<void(Environment&)>& work) {
  struct Request final : Delivery {
    void deliver(Environment& environment) override {
      const InUse::Pause pause(environment.inUse);  // the executor waits for this
      try {
        (*work)(environment);
      } catch (...) {
        error = std::current_exception();
      }
      std::lock_guard lock(thread->mutex_);
      done = true;
      thread->changed_.notify_all();
    }
    const std::function<void(Environment&)>* work;
    JsThread* thread;
    std::exception_ptr error;
    bool done = false;
  };
  Request request;
  request.work = &work;
  request.thread = this;
  if (post(&request)) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return request.done || closing_; });
  }
  if (!request.done) throw Error(ErrorKind::kAborted, "the environment that made this call is going down");
  if (request.error) std::rethrow_exception(request.error);
}

void JsThread::release(napi_ref reference) {
  if (isCurrent()) {
    if (!closing()) napi_delete_reference(env_, reference);
    return;
  }
  std::lock_guard lock(mutex_);
  if (!closing_) released_.push_back(reference);
}

void JsThread::begin() {
  std::lock_guard lock(mutex_);
  ++unfinished_;
}

void JsThread::end() {
  std::lock_guard lock(mutex_);
  --unfinished_;
  changed_.notify_all();
}

bool JsThread::closing() {
  std::lock_guard lock(mutex_);
  return closing_;
}

void JsThread::close() {
  std::unique_lock lock(mutex_);
  closing_ = true;
  changed_.notify_all();
  changed_.wait(lock, [this] { return unfinished_ == 0; });
}

void JsThread::keepAlive(bool alive) {
  if (alive)
    napi_ref_threadsafe_function(env_, wake_);
  else
    napi_unref_threadsafe_function(env_, wake_);
}

void JsThread::deliver(napi_env env, napi_value, void* context, void* data) {
  if (env == nullptr) return;  // torn down between the call and now
  auto* self = static_cast<JsThread*>(context);
  std::vector<napi_ref> released;
  {
    std::lock_guard lock(self->mutex_);
    released.swap(self->released_);
  }
  for (napi_ref reference : released) napi_delete_reference(env, reference);
  Napi::HandleScope scope(env);
  try {
    static_cast<Delivery*>(data)->deliver(Environment::of(env));
  } catch (const Napi::Error&) {
    // While a worker is being terminated no call into JS succeeds, settling a promise included, and nobody is
    // left to be told. Through Node's C code an exception would end the process.
  }
}

Napi::Value AsyncCalls::submit(std::unique_ptr<AsyncCall> call) {
  const Napi::Value promise = call->deferred.Promise();
  call->anomaly = anomalyOf(Environment::of(env_));
  AsyncCall* raw = call.get();
  thread_->begin();
  try {
    Executor::forCpu().submit([thread = thread_, raw] {
      if (!thread->closing()) {
        try {
          at::ThreadLocalStateGuard guard(raw->state);
          AnomalyCallGuard anomaly(raw->anomaly);
          raw->work();
        } catch (...) {
          raw->error = std::current_exception();
        }
      }
      // While closing, the call is leaked: its promise belongs to a JS heap that is going away.
      thread->post(raw);
      thread->end();
    });
  } catch (...) {
    thread_->end();
    throw;
  }
  call.release();
  if (pending_++ == 0) thread_->keepAlive(true);
  return promise;
}

void AsyncCalls::settled() {
  if (--pending_ == 0) thread_->keepAlive(false);
}

void AsyncCall::deliver(Environment& environment) {
  std::unique_ptr<AsyncCall> self(this);
  environment.async.settled();
  try {
    if (error) std::rethrow_exception(error);
    deferred.Resolve(finish(environment));
  } catch (const Napi::Error& failure) {
    deferred.Reject(failure.Value());
  } catch (...) {
    deferred.Reject(environment.makeError(std::current_exception()).Value());
  }
}

}  // namespace robertorch
