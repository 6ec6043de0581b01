// The three layers of which everything here is built. Plain structs: parameters are named by whoever holds
// them, by `visit`, in the order and under the names of Python's `named_parameters()`.
#pragma once

#include "core/torch.h"

namespace robertorch {

/** Receives each parameter by reference, so that a visitor may also replace it. */
using ParameterVisitor = std::function<void(const std::string& name, at::Tensor& parameter)>;

/** How new parameters come to be. */
enum class Initialization {
  kPyTorch,  // drawn by each layer's constructor, as in Python
  kEmpty,    // left unset: weights from a checkpoint follow (Python builds on the meta device)
};

/** torch.nn.Linear: y = x Wᵀ + b, weight (out, in). Without a bias `bias` is undefined. */
struct Linear {
  at::Tensor weight, bias;

  Linear() = default;
  Linear(int64_t in, int64_t out, Initialization how, bool withBias = true);
  at::Tensor forward(const at::Tensor& x) const;
  void visit(const std::string& prefix, const ParameterVisitor& f);
  /** transformers prune_linear_layer: keeps these rows (`dim` 0) or columns (1), in the same parameters. */
  void keep(const at::Tensor& index, int64_t dim, Initialization how);
};

/** torch.nn.LayerNorm over the last dimension. */
struct LayerNorm {
  at::Tensor weight, bias;
  double eps = 1e-5;

  LayerNorm() = default;
  LayerNorm(int64_t size, double eps);
  at::Tensor forward(const at::Tensor& x) const;
  void visit(const std::string& prefix, const ParameterVisitor& f);
};

/** torch.nn.Embedding; no gradient flows to row `padding_idx` (-1: none). */
struct Embedding {
  at::Tensor weight;
  int64_t padding_idx = -1;

  Embedding() = default;
  Embedding(int64_t rows, int64_t columns, int64_t padding_idx, Initialization how);
  at::Tensor forward(const at::Tensor& ids) const;
  void visit(const std::string& prefix, const ParameterVisitor& f);
};

}  // namespace robertorch
