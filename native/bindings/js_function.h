// A JS function that native code may call, from any thread: tensor hooks and the backward of a custom
// Function.
#pragma once

#include "bindings/environment.h"

namespace robertorch {

class JsFunction {
 public:
  JsFunction(Environment& environment, const Napi::Function& function);
  ~JsFunction();
  JsFunction(const JsFunction&) = delete;
  JsFunction& operator=(const JsFunction&) = delete;

  /**
   * Calls the function with tensors (null for undefined ones) and reads its result: a tensor, null or
   * undefined, or a list of them. What it throws reaches the JS caller of whatever led here, unchanged.
   */
  std::vector<at::Tensor> call(const std::vector<at::Tensor>& arguments);

 private:
  std::vector<at::Tensor> callHere(Environment& environment, const std::vector<at::Tensor>& arguments);

  std::shared_ptr<JsThread> thread_;
  Environment* environment_;
  napi_ref function_ = nullptr;
};

}  // namespace robertorch
