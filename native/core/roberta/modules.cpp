#include "core/roberta/modules.h"

#include <ATen/ops/embedding.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/normal.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/uniform.h>
#include <ATen/ops/zeros.h>

#include <cmath>

#include "core/runtime/replace_data.h"

namespace robertorch {
namespace {

at::Tensor parameter(at::IntArrayRef sizes) { return at::empty(sizes, at::kFloat); }

at::Tensor trainable(at::Tensor tensor) { return tensor.set_requires_grad(true); }

}  // namespace

Linear::Linear(int64_t in, int64_t out, Initialization how, bool withBias)
    : weight(trainable(parameter({out, in}))), bias(withBias ? trainable(parameter({out})) : at::Tensor()) {
  if (how == Initialization::kPyTorch) {
    at::NoGradGuard noGrad;
    // kaiming_uniform_(a = sqrt(5)): gain / sqrt(fan_in) in Python's order of operations, to the last bit.
    const double gain = std::sqrt(2.0 / (1.0 + std::pow(std::sqrt(5.0), 2)));
    const double bound = std::sqrt(3.0) * (gain / std::sqrt(static_cast<double>(in)));
    weight.uniform_(-bound, bound);
    const double biasBound = 1.0 / std::sqrt(static_cast<double>(in));
    if (withBias) bias.uniform_(-biasBound, biasBound);
  }
}

at::Tensor Linear::forward(const at::Tensor& x) const { return at::linear(x, weight, bias); }

void Linear::visit(const std::string& prefix, const ParameterVisitor& f) {
  f(prefix + ".weight", weight);
  if (bias.defined()) f(prefix + ".bias", bias);
}

void Linear::keep(const at::Tensor& index, int64_t dim, Initialization how) {
  at::NoGradGuard noGrad;
  const at::Tensor rows = index.to(weight.device());
  const at::Tensor kept = weight.index_select(dim, rows);
  // Python makes a new layer for what is left: its random numbers are drawn all the same.
  if (how == Initialization::kPyTorch) Linear(kept.size(1), kept.size(0), how, bias.defined());
  const auto replace = [](at::Tensor& parameter, const at::Tensor& values) {
    parameter.mutable_grad() = at::Tensor();  // of another shape
    replaceData(parameter, values);
  };
  replace(weight, kept);
  if (bias.defined() && dim == 0) replace(bias, bias.index_select(0, rows));
}

LayerNorm::LayerNorm(int64_t size, double eps)
    : weight(trainable(at::ones({size}, at::kFloat))),
      bias(trainable(at::zeros({size}, at::kFloat))),
      eps(eps) {}

at::Tensor LayerNorm::forward(const at::Tensor& x) const {
  return at::layer_norm(x, weight.sizes(), weight, bias, eps);
}

void LayerNorm::visit(const std::string& prefix, const ParameterVisitor& f) {
  f(prefix + ".weight", weight);
  f(prefix + ".bias", bias);
}

Embedding::Embedding(int64_t rows, int64_t columns, int64_t padding_idx, Initialization how)
    : weight(parameter({rows, columns})), padding_idx(padding_idx) {
  if (how == Initialization::kPyTorch) {
    weight.normal_();
    if (padding_idx >= 0) weight[padding_idx].zero_();
  }
  trainable(weight);
}

at::Tensor Embedding::forward(const at::Tensor& ids) const { return at::embedding(weight, ids, padding_idx); }

void Embedding::visit(const std::string& prefix, const ParameterVisitor& f) { f(prefix + ".weight", weight); }

}  // namespace robertorch
