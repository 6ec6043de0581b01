#include "core/runtime/executor.h"

#include <thread>

#include "core/runtime/errors.h"
#include "core/torch.h"

namespace robertorch {

Executor& Executor::forCpu() {
  static Executor* executor = new Executor();
  return *executor;
}

void Executor::submit(Task task) {
  std::lock_guard lock(mutex_);
  if (tasks_.size() >= kMaxQueued) {
    throw Error(ErrorKind::kQueueFull,
                "the executor already holds " + std::to_string(kMaxQueued) + " waiting calls",
                "await earlier calls before making new ones");
  }
  tasks_.push_back(std::move(task));
  if (!started_) start();
  wake_.notify_one();
}

size_t Executor::queued() {
  std::lock_guard lock(mutex_);
  return tasks_.size();
}

void Executor::start() {
  started_ = true;
  std::thread([this] { run(); }).detach();
}

void Executor::run() {
  for (;;) {
    Task task;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return !tasks_.empty(); });
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    // OpenMP keeps the thread count per thread; this one must follow `torch.set_num_threads`.
    at::init_num_threads();
    task();
  }
}

}  // namespace robertorch
