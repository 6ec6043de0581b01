// Gradients: what belongs to a tensor, and the backward pass on and off the event loop.
#include "bindings/autograd.h"

#include <ATen/autocast_mode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>

#include "bindings/convert.h"
#include "core/runtime/errors.h"
#include "core/runtime/replace_data.h"

namespace robertorch {
namespace {

const at::Tensor& self(Environment& environment, const Napi::CallbackInfo& info) {
  return environment.handles.tensor(info[0], "the tensor");
}

Napi::Value requiresGrad(Environment& environment, const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), self(environment, info).requires_grad());
}

Napi::Value setRequiresGrad(Environment& environment, const Napi::CallbackInfo& info) {
  const at::Tensor& tensor = self(environment, info);
  environment.inUse.checkChange(tensor, 1, "requires_grad must not be set");
  const bool wanted = info[1].ToBoolean();
  if (wanted && !torch::autograd::isDifferentiableType(tensor.scalar_type())) {
    throw Error(ErrorKind::kDType,
                std::string("only floating point tensors can require gradients, this one is ") +
                    c10::toString(tensor.scalar_type()));
  }
  if (!wanted && !tensor.is_leaf()) {
    throw Error(ErrorKind::kArgument, "you can only change requires_grad of leaf tensors",
                "use tensor.detach()");
  }
  tensor.set_requires_grad(wanted);
  return info.Env().Undefined();
}

Napi::Value grad(Environment& environment, const Napi::CallbackInfo& info) {
  const at::Tensor& tensor = self(environment, info);
  environment.inUse.checkGrad(tensor);
  // The const accessor: the other one warns for tensors that are no leaves.
  return {info.Env(), environment.handles.wrap(tensor.grad())};
}

Napi::Value setGrad(Environment& environment, const Napi::CallbackInfo& info) {
  at::Tensor tensor = self(environment, info);
  environment.inUse.checkGrad(tensor);
  if (info[1].IsNull() || info[1].IsUndefined()) {
    tensor.mutable_grad() = at::Tensor();
    return info.Env().Undefined();
  }
  const at::Tensor& gradient = environment.handles.tensor(info[1], "grad");
  if (!gradient.sizes().equals(tensor.sizes()) || gradient.device() != tensor.device()) {
    throw Error(ErrorKind::kShape, "grad must have the tensor's shape and device");
  }
  if (gradient.scalar_type() != tensor.scalar_type()) {
    throw Error(ErrorKind::kDType, "grad must have the tensor's dtype");
  }
  tensor.mutable_grad() = gradient;
  return info.Env().Undefined();
}

Napi::Value isLeaf(Environment& environment, const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), self(environment, info).is_leaf());
}

Napi::Value gradFnName(Environment& environment, const Napi::CallbackInfo& info) {
  const auto& node = self(environment, info).grad_fn();
  return node ? Napi::Value(Napi::String::New(info.Env(), node->name())) : Napi::Value(info.Env().Null());
}

// As Python's: writes through it do not count as changes of the tensor.
Napi::Value data(Environment& environment, const Napi::CallbackInfo& info) {
  return {info.Env(), environment.handles.wrap(self(environment, info).variable_data())};
}

Napi::Value setData(Environment& environment, const Napi::CallbackInfo& info) {
  const at::Tensor& tensor = self(environment, info);
  environment.inUse.checkChange(tensor, 1, "data must not be set");
  replaceData(tensor, environment.handles.tensor(info[1], "data"));
  return info.Env().Undefined();
}

struct BackwardCall {
  std::vector<at::Tensor> outputs, gradients, inputs;
  bool retainGraph, createGraph;

  void run() const { torch::autograd::backward(outputs, gradients, retainGraph, createGraph, inputs); }
};

// (outputs, gradients, retainGraph, createGraph, inputs)
BackwardCall readBackward(Environment& environment, const Napi::CallbackInfo& info) {
  BackwardCall call{tensorsFrom(environment, info[0], "tensors"),
                    {},
                    tensorsFrom(environment, info[4], "inputs"),
                    info[2].ToBoolean(),
                    info[3].ToBoolean()};
  const Napi::Array gradients = info[1].As<Napi::Array>();
  for (uint32_t i = 0; i < gradients.Length(); ++i) {
    const Napi::Value value = gradients.Get(i);
    call.gradients.push_back(value.IsNull() ? at::Tensor() : environment.handles.tensor(value, "gradient"));
  }
  for (const at::Tensor& output : call.outputs) {
    if (!output.requires_grad()) {
      throw Error(ErrorKind::kArgument,
                  "element of tensors does not require grad and does not have a grad_fn",
                  "was it computed under torch.no_grad, or from tensors that do not require gradients?");
    }
  }
  return call;
}

Napi::Value backward(Environment& environment, const Napi::CallbackInfo& info) {
  readBackward(environment, info).run();
  return info.Env().Undefined();
}

Napi::Value backwardAsync(Environment& environment, const Napi::CallbackInfo& info) {
  const BackwardCall call = readBackward(environment, info);
  std::vector<at::Tensor> others = call.gradients;
  others.insert(others.end(), call.inputs.begin(), call.inputs.end());
  return environment.async.run(
      [call] {
        call.run();
        return true;
      },
      [](Environment& env, bool) { return Napi::Env(env.env).Undefined(); },
      environment.inUse.pinGraph(call.outputs, std::move(others)));
}

// (outputs, inputs, gradients, retainGraph, createGraph, allowUnused)
Napi::Value gradients(Environment& environment, const Napi::CallbackInfo& info) {
  std::vector<at::Tensor> given;
  const Napi::Array values = info[2].As<Napi::Array>();
  for (uint32_t i = 0; i < values.Length(); ++i) {
    const Napi::Value value = values.Get(i);
    given.push_back(value.IsNull() ? at::Tensor() : environment.handles.tensor(value, "gradient"));
  }
  const auto result = torch::autograd::grad(tensorsFrom(environment, info[0], "outputs"),
                                            tensorsFrom(environment, info[1], "inputs"), given,
                                            info[3].ToBoolean(), info[4].ToBoolean(), info[5].ToBoolean());
  Napi::Array out = Napi::Array::New(info.Env(), result.size());
  for (size_t i = 0; i < result.size(); ++i) {
    out.Set(static_cast<uint32_t>(i), Napi::Value(info.Env(), environment.handles.wrap(result[i])));
  }
  return out;
}

Napi::Value isGradEnabled(Environment&, const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), at::GradMode::is_enabled());
}

Napi::Value isInferenceMode(Environment&, const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), c10::InferenceMode::is_enabled());
}

// null, or whether gradients are checked for NaN.
Napi::Value anomalyMode(Environment& environment, const Napi::CallbackInfo& info) {
  if (!environment.anomaly) return info.Env().Null();
  return Napi::Boolean::New(info.Env(), environment.anomaly->checkNan);
}

/** torch.autograd.set_detect_anomaly: sets the environment's mode and puts it back. */
class AnomalyGuard {
 public:
  AnomalyGuard(Environment& environment, bool mode, bool checkNan)
      : environment_(environment), before_(std::move(environment.anomaly)) {
    environment.anomaly = mode ? std::make_shared<AnomalyDetection>(checkNan) : nullptr;
  }
  ~AnomalyGuard() { environment_.anomaly = std::move(before_); }

 private:
  Environment& environment_;
  std::shared_ptr<AnomalyDetection> before_;
};

/** torch.autocast: sets the thread's state and puts it back. */
class AutocastGuard {
 public:
  AutocastGuard(at::DeviceType device, at::ScalarType dtype, bool enabled)
      : device_(device),
        wasEnabled_(at::autocast::is_autocast_enabled(device)),
        wasDtype_(at::autocast::get_autocast_dtype(device)) {
    at::autocast::set_autocast_enabled(device, enabled);
    at::autocast::set_autocast_dtype(device, dtype);
    at::autocast::increment_nesting();
  }
  ~AutocastGuard() {
    // Weights cast once stay cast until the outermost scope ends, as in Python.
    if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
    at::autocast::set_autocast_enabled(device_, wasEnabled_);
    at::autocast::set_autocast_dtype(device_, wasDtype_);
  }

 private:
  at::DeviceType device_;
  bool wasEnabled_;
  at::ScalarType wasDtype_;
};

// (kind, ...): enters a guard; `leaveGuard` takes back the last one.
Napi::Value enterGuard(Environment& environment, const Napi::CallbackInfo& info) {
  const std::string kind = stringFrom(info[0], "guard");
  if (kind == "grad") {
    environment.guards.push_back(std::make_shared<at::AutoGradMode>(info[1].ToBoolean()));
  } else if (kind == "inference") {
    environment.guards.push_back(std::make_shared<c10::InferenceMode>(info[1].ToBoolean()));
  } else if (kind == "autocast") {
    const auto device = deviceFrom(environment, info[1]);
    if (!device) throw Error(ErrorKind::kArgument, "device_type must name a device such as 'cpu'");
    const at::ScalarType dtype = info[2].IsUndefined() ? at::autocast::get_autocast_dtype(device->type())
                                                       : requireDtype(environment, info[2], "dtype");
    environment.guards.push_back(std::make_shared<AutocastGuard>(device->type(), dtype, info[3].ToBoolean()));
  } else if (kind == "anomaly") {
    environment.guards.push_back(
        std::make_shared<AnomalyGuard>(environment, info[1].ToBoolean(), info[2].ToBoolean()));
  } else {
    throw Error(ErrorKind::kArgument, "unknown guard '" + kind + "'");
  }
  return Napi::Number::New(info.Env(), static_cast<double>(environment.guards.size()));
}

// (depth): guards end in the order in which they began, last first; any other order is a mistake of the
// caller.
Napi::Value leaveGuard(Environment& environment, const Napi::CallbackInfo& info) {
  const auto depth = static_cast<size_t>(intFrom(environment, info[0], "depth"));
  const bool inOrder = depth == environment.guards.size();
  // Those inside end with it whatever happens: a mode must not stay on for the rest of the program.
  while (environment.guards.size() >= std::max<size_t>(depth, 1)) environment.guards.pop_back();
  if (!inOrder) {
    throw Error(ErrorKind::kArgument,
                "grad mode, inference mode, autocast and anomaly mode must end last in, first out");
  }
  return info.Env().Undefined();
}

}  // namespace

void registerAutograd(Environment&, Napi::Object& exports) {
  define<requiresGrad>(exports, "requiresGrad");
  define<setRequiresGrad>(exports, "setRequiresGrad");
  define<grad>(exports, "grad");
  define<setGrad>(exports, "setGrad");
  define<isLeaf>(exports, "isLeaf");
  define<gradFnName>(exports, "gradFnName");
  define<data>(exports, "data");
  define<setData>(exports, "setData");
  define<backward>(exports, "backward");
  define<backwardAsync>(exports, "backwardAsync");
  define<gradients>(exports, "gradients");
  define<isGradEnabled>(exports, "isGradEnabled");
  define<isInferenceMode>(exports, "isInferenceMode");
  define<anomalyMode>(exports, "anomalyMode");
  define<enterGuard>(exports, "enterGuard");
  define<leaveGuard>(exports, "leaveGuard");
}

}  // namespace robertorch
