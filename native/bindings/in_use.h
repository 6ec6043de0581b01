// What the asynchronous calls of an environment are using on the executor's thread, and what JavaScript must
// not do to it meanwhile: swap a tensor's storage or change its shape, touch a gradient that is being
// written, add hooks to a graph that is being walked. In Python the same ends in a crash when threads do it.
// Changing values (`add_`, an optimizer's step) is allowed: the numbers are then anybody's, the memory is
// safe.
#pragma once

#include <torch/csrc/autograd/function.h>

#include <unordered_map>

#include "core/torch.h"

namespace robertorch {

class InUse {
 public:
  /** What one call uses; given back when it goes. */
  class Pin {
   public:
    Pin() = default;
    Pin(Pin&& other) noexcept
        : inUse_(std::exchange(other.inUse_, nullptr)),
          tensors_(std::move(other.tensors_)),
          leaves_(std::move(other.leaves_)),
          nodes_(std::move(other.nodes_)),
          keys_(std::move(other.keys_)) {}
    ~Pin() {
      if (inUse_ != nullptr) inUse_->release(*this);
    }
    Pin& operator=(Pin&&) = delete;

   private:
    friend class InUse;

    InUse* inUse_ = nullptr;
    std::vector<at::Tensor> tensors_;                  // read
    std::vector<at::Tensor> leaves_;                   // their gradients are written
    std::vector<const torch::autograd::Node*> nodes_;  // walked; empty but for a backward pass
    std::vector<const void*> keys_;  // tensors and storages as they were: a hook may change them meanwhile
  };

  /** For a call that reads these tensors. */
  Pin pin(std::vector<at::Tensor> tensors);
  /** For a backward pass from `outputs` that also reads `others`. */
  Pin pinGraph(const std::vector<at::Tensor>& outputs, std::vector<at::Tensor> others);

  /** While the executor waits for JavaScript (a hook), nothing is used. */
  class Pause {
   public:
    explicit Pause(InUse& inUse) : inUse_(inUse) { ++inUse_.paused_; }
    ~Pause() { --inUse_.paused_; }
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;

   private:
    InUse& inUse_;
  };

  bool any() const { return calls_ > 0 && paused_ == 0; }

  /**
   * Throws ArgumentError when the tensor's storage, shape or place in a graph must stay as it is.
   * `references`: how many the caller and the tensor's handle hold to it; more means that a graph may have
   * saved it.
   */
  void checkChange(const at::Tensor& tensor, size_t references, const char* what) const;
  /** The same for what may also replace the memory of the tensor's storage, which others share. */
  void checkResize(const at::Tensor& tensor, size_t references, const char* what) const;
  /** Throws ArgumentError while a backward pass writes the tensor's gradient. */
  void checkGrad(const at::Tensor& tensor) const;
  /** Throws ArgumentError while a backward pass may run the tensor's hooks. */
  void checkHooks(const at::Tensor& tensor) const;

 private:
  using Counts = std::unordered_map<const void*, int>;

  void enter(Pin& pin);
  void release(const Pin& pin);
  bool uses(const void* what) const { return used_.contains(what); }

  Counts used_;  // tensors and storages
  Counts nodes_, leaves_;
  int calls_ = 0;
  int backwards_ = 0;
  int paused_ = 0;
};

}  // namespace robertorch
