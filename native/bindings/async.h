// One way to run native work off the event loop: `run(work, finish)` returns a promise, calls `work` on an
// executor thread with the caller's thread-local state (grad mode, autocast, inference mode), and `finish`
// back on the JS thread, where the result becomes a JS value. `pin` names the tensors that JS must leave
// alone until then.
#pragma once

#include <napi.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "bindings/anomaly.h"
#include "bindings/in_use.h"
#include "core/runtime/executor.h"
#include "core/torch.h"

namespace robertorch {

class Environment;

/** Something for the JS thread to do. */
class Delivery {
 public:
  virtual ~Delivery() = default;
  virtual void deliver(Environment& environment) = 0;
};

/** A call under way. Made and destroyed on the JS thread. */
class AsyncCall : public Delivery {
 public:
  explicit AsyncCall(Napi::Env env) : deferred(Napi::Promise::Deferred::New(env)) {}
  virtual void work() = 0;
  virtual Napi::Value finish(Environment& environment) = 0;
  void deliver(Environment& environment) override;

  Napi::Promise::Deferred deferred;
  at::ThreadLocalState state;
  std::optional<AnomalyCall> anomaly;
  std::exception_ptr error;
};

/** The way from any thread to one environment's JS thread; may outlive the environment. */
class JsThread {
 public:
  explicit JsThread(Napi::Env env);

  bool isCurrent() const { return std::this_thread::get_id() == id_; }
  /** Has `delivery` carried out later; false when the environment is going down. */
  bool post(Delivery* delivery);
  /** Runs `work` on the JS thread and waits for it. Throws AbortedError when the environment goes down
   * meanwhile. */
  void run(const std::function<void(Environment&)>& work);
  /** Deletes a reference, now or when the JS thread next comes by. */
  void release(napi_ref reference);

  void begin();  // an executor took on work for this environment
  void end();
  bool closing();
  /** Waits for the running call: the environment is going down. */
  void close();
  void keepAlive(bool alive);

 private:
  static void deliver(napi_env env, napi_value, void* context, void* data);

  const std::thread::id id_ = std::this_thread::get_id();
  napi_env env_;
  napi_threadsafe_function wake_ = nullptr;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<napi_ref> released_;
  int unfinished_ = 0;  // begun, not yet ended
  bool closing_ = false;
};

class AsyncCalls {
 public:
  AsyncCalls(napi_env env, std::shared_ptr<JsThread> thread) : env_(env), thread_(std::move(thread)) {}

  template <typename Work, typename Finish>
  Napi::Value run(Work work, Finish finish, InUse::Pin pin = {});

 private:
  friend class AsyncCall;

  Napi::Value submit(std::unique_ptr<AsyncCall> call);
  void settled();

  napi_env env_;
  std::shared_ptr<JsThread> thread_;
  int pending_ = 0;  // promises not yet settled; the process stays alive while there are any
};

template <typename Work, typename Finish>
Napi::Value AsyncCalls::run(Work work, Finish finish, InUse::Pin pin) {
  using Result = std::invoke_result_t<Work&>;
  struct Call final : AsyncCall {
    Call(Napi::Env env, Work work, Finish finish, InUse::Pin pin)
        : AsyncCall(env), work_(std::move(work)), finish_(std::move(finish)), pin_(std::move(pin)) {}
    void work() override { result_.emplace(work_()); }
    Napi::Value finish(Environment& environment) override {
      return finish_(environment, std::move(*result_));
    }
    Work work_;
    Finish finish_;
    InUse::Pin pin_;
    std::optional<Result> result_;
  };
  return submit(std::make_unique<Call>(Napi::Env(env_), std::move(work), std::move(finish), std::move(pin)));
}

}  // namespace robertorch
