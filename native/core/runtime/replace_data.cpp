#include "core/runtime/replace_data.h"

#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/variable.h>

namespace robertorch {

void replaceData(const at::Tensor& tensor, const at::Tensor& data) {
  // A graph that the collector has not found yet keeps the node that accumulates the gradient, and it expects
  // the old shape. Python's graphs are gone with their last reference.
  if (tensor.requires_grad() && tensor.is_leaf() && tensor.sizes() != data.sizes()) {
    using Node = torch::autograd::Node;
    torch::autograd::impl::set_grad_accumulator(tensor,
                                                c10::weak_intrusive_ptr<Node>(c10::intrusive_ptr<Node>()));
  }
  at::Tensor(tensor).set_data(data);
}

}  // namespace robertorch
