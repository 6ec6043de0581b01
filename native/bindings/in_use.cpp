#include "bindings/in_use.h"

#include <torch/csrc/autograd/functions/accumulate_grad.h>
#include <torch/csrc/autograd/variable.h>

#include <unordered_set>

#include "core/runtime/errors.h"

namespace robertorch {
namespace {

using torch::autograd::Node;

const void* key(const at::Tensor& tensor) { return tensor.unsafeGetTensorImpl(); }

void leave(std::unordered_map<const void*, int>& counts, const void* what) {
  const auto found = counts.find(what);
  if (--found->second == 0) counts.erase(found);
}

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorKind::kArgument, what + " while an asynchronous call is using the tensor",
              "await forwardAsync, backwardAsync or save_file first");
}

}  // namespace

InUse::Pin InUse::pin(std::vector<at::Tensor> tensors) {
  Pin pin;
  pin.tensors_ = std::move(tensors);
  enter(pin);
  return pin;
}

InUse::Pin InUse::pinGraph(const std::vector<at::Tensor>& outputs, std::vector<at::Tensor> others) {
  Pin pin;
  pin.tensors_ = std::move(others);
  pin.tensors_.insert(pin.tensors_.end(), outputs.begin(), outputs.end());
  std::unordered_set<const Node*> seen;
  const auto visit = [&](const Node* node) {
    if (node != nullptr && seen.insert(node).second) pin.nodes_.push_back(node);
  };
  for (const at::Tensor& output : outputs) visit(torch::autograd::impl::gradient_edge(output).function.get());
  for (size_t i = 0; i < pin.nodes_.size(); ++i) {
    const Node* node = pin.nodes_[i];
    const auto* leaf = dynamic_cast<const torch::autograd::AccumulateGrad*>(node);
    if (leaf != nullptr && leaf->variable.defined()) pin.leaves_.push_back(leaf->variable);
    for (const torch::autograd::Edge& edge : node->next_edges()) visit(edge.function.get());
  }
  enter(pin);
  return pin;
}

void InUse::enter(Pin& pin) {
  pin.inUse_ = this;
  ++calls_;
  if (!pin.nodes_.empty()) ++backwards_;
  for (const auto* tensors : {&pin.tensors_, &pin.leaves_}) {
    for (const at::Tensor& tensor : *tensors) {
      if (!tensor.defined()) continue;
      pin.keys_.push_back(key(tensor));
      if (tensor.has_storage()) pin.keys_.push_back(tensor.storage().unsafeGetStorageImpl());
    }
  }
  for (const void* used : pin.keys_) ++used_[used];
  for (const Node* node : pin.nodes_) ++nodes_[node];
  for (const at::Tensor& leaf : pin.leaves_) ++leaves_[key(leaf)];
}

void InUse::release(const Pin& pin) {
  --calls_;
  if (!pin.nodes_.empty()) --backwards_;
  for (const void* used : pin.keys_) leave(used_, used);
  for (const Node* node : pin.nodes_) leave(nodes_, node);
  for (const at::Tensor& leaf : pin.leaves_) leave(leaves_, key(leaf));
}

void InUse::checkChange(const at::Tensor& tensor, size_t references, const char* what) const {
  if (!any()) return;
  // What a graph has saved cannot be listed. A leaf that requires grad is known from the walk; anything else
  // that only its handle refers to is in no graph.
  const bool known = tensor.is_leaf() && tensor.requires_grad();
  const bool saved = backwards_ > 0 && !known && tensor.use_count() > references;
  if (saved || uses(key(tensor))) refuse(what);
}

void InUse::checkResize(const at::Tensor& tensor, size_t references, const char* what) const {
  if (!any()) return;
  checkChange(tensor, references, what);
  if (!tensor.has_storage()) return;
  const bool saved = backwards_ > 0 && tensor.storage().use_count() > 1;
  if (saved || uses(tensor.storage().unsafeGetStorageImpl())) refuse(what);
}

void InUse::checkGrad(const at::Tensor& tensor) const {
  if (any() && leaves_.contains(key(tensor))) refuse("grad must not be read or set");
}

void InUse::checkHooks(const at::Tensor& tensor) const {
  if (!any()) return;
  if (leaves_.contains(key(tensor)) || nodes_.contains(tensor.grad_fn().get()))
    refuse("hooks must not be added or removed");
}

}  // namespace robertorch
