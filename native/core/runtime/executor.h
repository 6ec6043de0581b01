// The threads on which asynchronous calls run: one per device, never libuv's pool. Every extra thread that
// enters an OpenMP region would bring its own thread team, so there are as few as possible and they live as
// long as the process.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

namespace robertorch {

class Executor {
 public:
  using Task = std::function<void()>;

  /** The executor of a device. Leaked on purpose: LibTorch's singletons must not be torn down under it. */
  static Executor& forCpu();

  /** Runs `task`, which must not throw, after those before it. Throws QueueFullError above `kMaxQueued`. */
  void submit(Task task);

  /** Tasks that wait, the running one not counted. */
  size_t queued();

  static constexpr size_t kMaxQueued = 4096;

 private:
  void start();
  void run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> tasks_;
  bool started_ = false;
};

}  // namespace robertorch
