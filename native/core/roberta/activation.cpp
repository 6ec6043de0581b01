#include "core/roberta/activation.h"

#include <ATen/ops/erf.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/leaky_relu.h>
#include <ATen/ops/mish.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/relu6.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/square.h>
#include <ATen/ops/tanh.h>

#include <cmath>
#include <string_view>

#include "core/runtime/errors.h"

namespace robertorch {
namespace {

using at::Tensor;

// In Python's order of operations, one a statement: C++ may evaluate the right operand first, and the order
// in which autograd's nodes are made decides the order of its sums, to the last bit.
Tensor geluNew(const Tensor& x) {
  const Tensor half = 0.5 * x;
  const Tensor cubic = x + 0.044715 * at::pow(x, 3.0);
  return half * (1.0 + at::tanh(std::sqrt(2.0 / M_PI) * cubic));
}

Tensor geluFast(const Tensor& x) {
  const Tensor half = 0.5 * x;
  const Tensor scaled = x * 0.7978845608;
  const Tensor square = 0.044715 * x * x;
  return half * (1.0 + at::tanh(scaled * (1.0 + square)));
}

Tensor geluPython(const Tensor& x) {
  const Tensor half = x * 0.5;
  return half * (1.0 + at::erf(x / std::sqrt(2.0)));
}

const std::pair<std::string_view, Activation> kKnown[] = {
    {"gelu", [](const Tensor& x) { return at::gelu(x); }},
    {"gelu_fast", geluFast},
    {"gelu_new", geluNew},
    {"gelu_python", geluPython},
    {"gelu_pytorch_tanh", [](const Tensor& x) { return at::gelu(x, "tanh"); }},
    {"leaky_relu", [](const Tensor& x) { return at::leaky_relu(x); }},
    {"linear", [](const Tensor& x) { return x; }},
    {"mish", [](const Tensor& x) { return at::mish(x); }},
    {"quick_gelu", [](const Tensor& x) { return x * at::sigmoid(1.702 * x); }},
    {"relu", [](const Tensor& x) { return at::relu(x); }},
    {"relu2", [](const Tensor& x) { return at::square(at::relu(x)); }},
    {"relu6", [](const Tensor& x) { return at::relu6(x); }},
    {"sigmoid", [](const Tensor& x) { return at::sigmoid(x); }},
    {"silu", [](const Tensor& x) { return at::silu(x); }},
    {"swish", [](const Tensor& x) { return at::silu(x); }},
    {"tanh", [](const Tensor& x) { return at::tanh(x); }},
};

}  // namespace

Activation findActivation(const std::string& name) {
  std::string names;
  for (const auto& [known, function] : kKnown) {
    if (name == known) return function;
    names += (names.empty() ? "" : ", ") + std::string(known);
  }
  throw Error(ErrorKind::kConfig, "config: hidden_act '" + name + "' is not known; known are " + names);
}

}  // namespace robertorch
