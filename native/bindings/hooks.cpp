// JS code inside autograd: hooks on tensors, and nodes whose backward is a JS function.
#include "bindings/hooks.h"

#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/function_hook.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/csrc/autograd/variable.h>

#include <map>

#include "bindings/convert.h"
#include "bindings/js_function.h"
#include "core/runtime/errors.h"

namespace robertorch {
namespace {

namespace impl = torch::autograd::impl;

using torch::autograd::Node;
using torch::autograd::variable_list;

// (tensor, function): calls it with each gradient of the tensor; a tensor that it returns takes the
// gradient's place.
Napi::Value registerHook(Environment& environment, const Napi::CallbackInfo& info) {
  const at::Tensor& tensor = environment.handles.tensor(info[0], "the tensor");
  if (!tensor.requires_grad()) {
    throw Error(ErrorKind::kArgument, "cannot register a hook on a tensor that doesn't require gradient");
  }
  environment.inUse.checkHooks(tensor);
  auto function = std::make_shared<JsFunction>(environment, info[1].As<Napi::Function>());
  const unsigned position = tensor.register_hook([function](const at::Tensor& gradient) {
    const std::vector<at::Tensor> result = function->call({gradient});
    return result.empty() || !result[0].defined() ? gradient : result[0];
  });
  return Napi::Number::New(info.Env(), position);
}

Napi::Value removeHook(Environment& environment, const Napi::CallbackInfo& info) {
  const at::Tensor& tensor = environment.handles.tensor(info[0], "the tensor");
  environment.inUse.checkHooks(tensor);
  tensor.remove_hook(static_cast<unsigned>(intFrom(environment, info[1], "hook")));
  return info.Env().Undefined();
}

/** Calls JavaScript with a leaf when its gradient is complete: autograd has room for one such object a
 * tensor. */
struct AfterAccumulation final : torch::autograd::PostAccumulateGradHook {
  std::map<uint32_t, std::shared_ptr<JsFunction>> functions;
  uint32_t next = 0;

  void operator()(const at::Tensor& tensor) override {
    // A function may remove itself, or add another one.
    const auto now = functions;
    for (const auto& [id, function] : now) function->call({tensor});
  }
};

// LibTorch itself sets none, so that each one there is ours.
AfterAccumulation* afterAccumulation(const at::Tensor& tensor) {
  return static_cast<AfterAccumulation*>(impl::post_acc_grad_hooks(tensor).get());
}

// (tensor, function): calls it with the tensor whenever a backward pass has changed the tensor's gradient.
Napi::Value registerPostAccumulateHook(Environment& environment, const Napi::CallbackInfo& info) {
  const at::Tensor& tensor = environment.handles.tensor(info[0], "the tensor");
  if (!tensor.requires_grad()) {
    throw Error(ErrorKind::kArgument, "cannot register a hook on a tensor that doesn't require gradient");
  }
  if (!tensor.is_leaf()) {
    throw Error(ErrorKind::kArgument, "post accumulate grad hooks cannot be registered on non-leaf tensors");
  }
  environment.inUse.checkHooks(tensor);
  if (afterAccumulation(tensor) == nullptr)
    impl::set_post_acc_grad_hooks(tensor, std::make_unique<AfterAccumulation>());
  AfterAccumulation& hooks = *afterAccumulation(tensor);
  hooks.functions.emplace(hooks.next,
                          std::make_shared<JsFunction>(environment, info[1].As<Napi::Function>()));
  return Napi::Number::New(info.Env(), hooks.next++);
}

Napi::Value removePostAccumulateHook(Environment& environment, const Napi::CallbackInfo& info) {
  const at::Tensor& tensor = environment.handles.tensor(info[0], "the tensor");
  environment.inUse.checkHooks(tensor);
  if (AfterAccumulation* hooks = afterAccumulation(tensor))
    hooks->functions.erase(static_cast<uint32_t>(intFrom(environment, info[1], "hook")));
  return info.Env().Undefined();
}

Napi::Value retainGrad(Environment& environment, const Napi::CallbackInfo& info) {
  const at::Tensor& tensor = environment.handles.tensor(info[0], "the tensor");
  environment.inUse.checkHooks(tensor);
  tensor.retain_grad();
  return info.Env().Undefined();
}

Napi::Value version(Environment& environment, const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), environment.handles.tensor(info[0], "the tensor")._version());
}

/** A node of the graph whose backward is written in JavaScript. */
class JsNode final : public Node {
 public:
  JsNode(std::string name, std::shared_ptr<JsFunction> backward)
      : name_(std::move(name)), backward_(std::move(backward)) {}

  variable_list apply(variable_list&& gradients) override {
    // Undefined gradients stand for zeros; JS sees them as null.
    variable_list result = backward_->call(gradients);
    if (result.size() != num_outputs()) {
      throw Error(ErrorKind::kArgument, name_ + ".backward returned " + std::to_string(result.size()) +
                                            " gradients, expected " + std::to_string(num_outputs()));
    }
    return result;
  }
  std::string name() const override { return name_; }

 private:
  std::string name_;
  std::shared_ptr<JsFunction> backward_;
};

// (name, inputs, outputs, backward): makes `outputs` the results of a node over `inputs`. Outputs must be new
// tensors.
Napi::Value attachFunction(Environment& environment, const Napi::CallbackInfo& info) {
  const std::vector<at::Tensor> inputs = tensorsFrom(environment, info[1], "inputs");
  const std::vector<at::Tensor> outputs = tensorsFrom(environment, info[2], "outputs");
  auto function = std::make_shared<JsFunction>(environment, info[3].As<Napi::Function>());
  auto node = c10::make_intrusive<JsNode>(stringFrom(info[0], "name"), std::move(function));
  node->set_next_edges(torch::autograd::collect_next_edges(inputs));
  for (at::Tensor output : outputs) {
    if (output.requires_grad()) {
      throw Error(ErrorKind::kArgument, "an output of a Function already belongs to a graph");
    }
    torch::autograd::set_history(output, c10::intrusive_ptr<Node>(node));
  }
  return info.Env().Undefined();
}

}  // namespace

void registerHooks(Environment&, Napi::Object& exports) {
  define<registerHook>(exports, "registerHook");
  define<removeHook>(exports, "removeHook");
  define<registerPostAccumulateHook>(exports, "registerPostAccumulateHook");
  define<removePostAccumulateHook>(exports, "removePostAccumulateHook");
  define<retainGrad>(exports, "retainGrad");
  define<version>(exports, "version");
  define<attachFunction>(exports, "attachFunction");
}

}  // namespace robertorch
