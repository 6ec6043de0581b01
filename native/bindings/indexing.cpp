// x[…] and x[…] = value. The rules are LibTorch's own (ATen/TensorIndexing.h, which Python's binding shares);
// here JS values become its indices.
#include "bindings/indexing.h"

#include <ATen/TensorIndexing.h>
#include <ATen/ops/scalar_tensor.h>

#include "bindings/convert.h"
#include "core/runtime/errors.h"
#include "core/runtime/memory.h"

namespace robertorch {
namespace {

using at::indexing::TensorIndex;

// A field of a slice: null stands for Python's None.
std::optional<c10::SymInt> bound(Environment& environment, const Napi::Object& slice, const char* name) {
  const Napi::Value value = slice.Get(name);
  if (value.IsNull()) return std::nullopt;
  return c10::SymInt(intFrom(environment, value, name));
}

at::indexing::Slice sliceFrom(Environment& environment, const Napi::Object& slice) {
  return {bound(environment, slice, "start"), bound(environment, slice, "stop"),
          bound(environment, slice, "step")};
}

TensorIndex tensorIndex(Environment& environment, const Napi::Value& value) {
  const at::Tensor& tensor = environment.handles.tensor(value, "an index");
  if (!at::isIntegralType(tensor.scalar_type(), /*includeBool=*/true)) {
    throw Error(ErrorKind::kIndex, "tensors used as indices must be long, int, byte or bool tensors, not " +
                                       std::string(c10::toString(tensor.scalar_type())));
  }
  return {tensor};
}

TensorIndex indexFrom(Environment& environment, const Napi::Value& value) {
  switch (value.Type()) {
    case napi_null:
      return at::indexing::None;
    case napi_boolean:
      return TensorIndex(value.As<Napi::Boolean>().Value());
    case napi_number:
    case napi_bigint:
      return TensorIndex(intFrom(environment, value, "an index"));
    case napi_string:
      return at::indexing::Ellipsis;
    default:
      if (environment.handles.find(value) != nullptr) return tensorIndex(environment, value);
      return sliceFrom(environment, value.As<Napi::Object>());
  }
}

std::vector<TensorIndex> indicesFrom(Environment& environment, const at::Tensor& self,
                                     const Napi::Value& value) {
  std::vector<TensorIndex> indices;
  const Napi::Array list = value.As<Napi::Array>();
  indices.reserve(list.Length());
  for (uint32_t i = 0; i < list.Length(); ++i) indices.push_back(indexFrom(environment, list.Get(i)));
  // LibTorch looks at the size of dimension 0 before it counts dimensions.
  if (self.dim() == 0 && indices.size() == 1 && (indices[0].is_integer() || indices[0].is_slice())) {
    throw Error(ErrorKind::kIndex,
                indices[0].is_integer() ? "invalid index of a 0-d tensor" : "a 0-d tensor cannot be sliced",
                "use item() for its value, at(null) for a dimension of size 1");
  }
  return indices;
}

// (tensor, indices)
Napi::Value getItem(Environment& environment, const Napi::CallbackInfo& info) {
  const at::Tensor& self = environment.handles.tensor(info[0], "the tensor");
  const std::vector<TensorIndex> indices = indicesFrom(environment, self, info[1]);
  const int64_t before = threadNetBytes();
  const at::Tensor result = at::indexing::get_item(self, indices);
  const int64_t kept = result.requires_grad() ? std::max<int64_t>(threadNetBytes() - before, 0) : 0;
  return {info.Env(), environment.handles.wrap(result, kept)};
}

// A number takes the tensor's dtype and place, as in Python's assignment.
at::Tensor assigned(Environment& environment, const at::Tensor& self, const Napi::Value& value) {
  if (environment.handles.find(value) != nullptr) {
    const at::Tensor& tensor = environment.handles.tensor(value, "the value");
    return tensor.dim() == 0 && tensor.device() != self.device() ? tensor.to(self.device()) : tensor;
  }
  Parameter parameter{};
  parameter.kind = ParameterKind::kScalar;
  c10::IValue scalar;
  if (value.IsNull() || !convertArgument(environment, parameter, value, nullptr, scalar)) {
    throw Error(ErrorKind::kArgument, "the value must be a Tensor, a number, a bigint or a boolean",
                "make lists a tensor: torch.tensor([…])");
  }
  return at::scalar_tensor(scalar.toScalar(), self.options());
}

// (tensor, indices, value)
Napi::Value setItem(Environment& environment, const Napi::CallbackInfo& info) {
  const at::Tensor& self = environment.handles.tensor(info[0], "the tensor");
  const std::vector<TensorIndex> indices = indicesFrom(environment, self, info[1]);
  at::indexing::set_item(self, indices, assigned(environment, self, info[2]));
  return info.Env().Undefined();
}

}  // namespace

void registerIndexing(Environment&, Napi::Object& exports) {
  define<getItem>(exports, "getItem");
  define<setItem>(exports, "setItem");
}

}  // namespace robertorch
