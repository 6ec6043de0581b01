#include "bindings/anomaly.h"

#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/engine.h>
#include <torch/csrc/autograd/function.h>

#include <mutex>

#include "bindings/environment.h"

namespace robertorch {
namespace {

using torch::autograd::AnomalyMode;
using torch::autograd::Engine;
using torch::autograd::Node;

std::mutex holdersMutex;
int holders = 0;
int nanHolders = 0;

void hold(bool checkNan, int change) {
  std::lock_guard lock(holdersMutex);
  holders += change;
  if (checkNan) nanHolders += change;
  AnomalyMode::set_enabled(holders > 0, nanHolders > 0);
}

std::string captureStack(napi_env env) {
  Napi::HandleScope scope(env);
  const Napi::Value stack = Napi::Error::New(env, "").Value().Get("stack");
  if (!stack.IsString()) return "";
  const std::string text = stack.As<Napi::String>();
  const size_t firstLine = text.find('\n');  // "Error", which it is not
  return firstLine == std::string::npos ? "" : text.substr(firstLine + 1);
}

// Of the call that the executor's thread works on; there is no JS of its own.
thread_local const std::string* submittedStack = nullptr;

std::string currentStack() {
  if (submittedStack != nullptr) return *submittedStack;
  const Environment* environment = Environment::current();
  return environment == nullptr ? "" : captureStack(environment->env);
}

class Metadata final : public torch::autograd::AnomalyMetadata {
 public:
  void store_stack() override { stack_ = currentStack(); }
  void print_stack(const std::string&) override {}  // the error itself tells it
  void assign_parent(const c10::intrusive_ptr<Node>& parent) override { parent_ = parent; }

  static Metadata* of(Node& node) { return dynamic_cast<Metadata*>(node.metadata()); }
  const std::string& stack() const { return stack_; }
  Node* parent() const { return parent_.get(); }

 private:
  std::string stack_;
  c10::intrusive_ptr<Node> parent_;  // whose backward made this node
};

// The texts are Python's.
std::string describeForward(Node& node) {
  std::string text = "Error detected in " + node.name() + ". ";
  Metadata* metadata = Metadata::of(node);
  if (metadata == nullptr || metadata->stack().empty()) {
    text +=
        "No forward pass information available. Enable detect anomaly during forward pass for more "
        "information.";
  } else {
    text += "Traceback of forward call that caused the error:\n" + metadata->stack();
  }
  while (metadata != nullptr && metadata->parent() != nullptr) {
    Node& parent = *metadata->parent();
    metadata = Metadata::of(parent);
    text += "\n\nPrevious calculation was induced by " + parent.name() + ". ";
    const bool known = metadata != nullptr && !metadata->stack().empty();
    text += known ? "Traceback of forward call that induced the previous calculation:\n" + metadata->stack()
                  : "No forward pass information available.";
  }
  return text;
}

class AnomalyEngine final : public Engine {
 public:
  // Never destroyed: backward passes of other threads may outlive static objects.
  static Engine& instance() {
    static auto* engine = new AnomalyEngine();
    return *engine;
  }

  std::unique_ptr<torch::autograd::AnomalyMetadata> make_anomaly_metadata() override {
    return std::make_unique<Metadata>();
  }

  void thread_on_exception(const std::shared_ptr<torch::autograd::GraphTask>& task,
                           const c10::intrusive_ptr<Node>& node, std::exception& error) override {
    if (!AnomalyMode::is_enabled() || !node) return Engine::thread_on_exception(task, node, error);
    try {
      throw BackwardError(describe(std::current_exception()), describeForward(*node));
    } catch (std::exception& described) {
      Engine::thread_on_exception(task, node, described);  // keeps the current exception, this one
    }
  }
};

}  // namespace

AnomalyDetection::AnomalyDetection(bool checkNan) : checkNan(checkNan) { hold(checkNan, 1); }
AnomalyDetection::~AnomalyDetection() { hold(checkNan, -1); }

std::optional<AnomalyCall> anomalyOf(const Environment& environment) {
  if (!environment.anomaly) return std::nullopt;
  return AnomalyCall{environment.anomaly->checkNan, captureStack(environment.env)};
}

AnomalyCallGuard::AnomalyCallGuard(const std::optional<AnomalyCall>& call) {
  if (!call) return;
  detection_.emplace(call->checkNan);
  submittedStack = &call->stack;
}

AnomalyCallGuard::~AnomalyCallGuard() { submittedStack = nullptr; }

void installAnomalyEngine() { torch::autograd::set_default_engine_stub(&AnomalyEngine::instance); }

}  // namespace robertorch
