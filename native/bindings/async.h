// One way to run native work off the event loop: `run(work, finish)` returns a promise, calls `work` on an
// executor thread with the caller's thread-local state (grad mode, autocast, inference mode), and `finish`
// back on the JS thread, where the result becomes a JS value.
#pragma once

#include <napi.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "core/runtime/executor.h"
#include "core/torch.h"

namespace robertorch {

class Environment;

/** A call under way. Made and destroyed on the JS thread. */
class AsyncCall {
 public:
  explicit AsyncCall(Napi::Env env) : deferred(Napi::Promise::Deferred::New(env)) {}
  virtual ~AsyncCall() = default;
  virtual void work() = 0;
  virtual Napi::Value finish(Environment& environment) = 0;

  Napi::Promise::Deferred deferred;
  at::ThreadLocalState state;
  std::exception_ptr error;
};

class AsyncCalls {
 public:
  explicit AsyncCalls(Napi::Env env);

  template <typename Work, typename Finish>
  Napi::Value run(Work work, Finish finish);

  /** Waits for the running call and drops those still queued: the environment is going down. */
  void close();

 private:
  // Shared with the executor's tasks, which may outlive the environment.
  struct Channel {
    std::mutex mutex;
    std::condition_variable idle;
    napi_threadsafe_function wake = nullptr;
    int unfinished = 0;  // submitted, not yet handed back
    bool closing = false;
  };

  Napi::Value submit(std::unique_ptr<AsyncCall> call);
  static void settle(napi_env env, napi_value, void* context, void* data);

  napi_env env_;
  std::shared_ptr<Channel> channel_ = std::make_shared<Channel>();
  int pending_ = 0;  // promises not yet settled; the process stays alive while there are any
};

template <typename Work, typename Finish>
Napi::Value AsyncCalls::run(Work work, Finish finish) {
  using Result = std::invoke_result_t<Work&>;
  struct Call final : AsyncCall {
    Call(Napi::Env env, Work work, Finish finish)
        : AsyncCall(env), work_(std::move(work)), finish_(std::move(finish)) {}
    void work() override { result_.emplace(work_()); }
    Napi::Value finish(Environment& environment) override {
      return finish_(environment, std::move(*result_));
    }
    Work work_;
    Finish finish_;
    std::optional<Result> result_;
  };
  return submit(std::make_unique<Call>(Napi::Env(env_), std::move(work), std::move(finish)));
}

}  // namespace robertorch
