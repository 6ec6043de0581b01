#include "core/roberta/activation.h"

#include <ATen/ops/gelu.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/tanh.h>

#include <string_view>

#include "core/runtime/errors.h"

namespace robertorch {

Activation findActivation(const std::string& name) {
  static const std::pair<std::string_view, Activation> known[] = {
      {"gelu", [](const at::Tensor& x) { return at::gelu(x); }},
      {"gelu_pytorch_tanh", [](const at::Tensor& x) { return at::gelu(x, "tanh"); }},
      {"relu", [](const at::Tensor& x) { return at::relu(x); }},
      {"silu", [](const at::Tensor& x) { return at::silu(x); }},
      {"swish", [](const at::Tensor& x) { return at::silu(x); }},
      {"tanh", [](const at::Tensor& x) { return at::tanh(x); }},
  };
  std::string names;
  for (const auto& [known_name, function] : known) {
    if (name == known_name) return function;
    names += (names.empty() ? "" : ", ") + std::string(known_name);
  }
  throw Error(ErrorKind::kConfig, "config: hidden_act '" + name + "' is not known; known are " + names);
}

}  // namespace robertorch
