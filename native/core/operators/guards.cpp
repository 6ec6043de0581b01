#include "core/operators/guards.h"

#include <algorithm>
#include <iterator>

#include "core/runtime/errors.h"

namespace robertorch {
namespace {

using torch::jit::Stack;

// Above this a float32 cannot tell a degree from the next one, and a call takes a tenth of a second for each
// element.
constexpr double kMaxDegree = 1 << 24;

/** The value of the parameter of that name; None when the overload has no such parameter. */
c10::IValue argument(const Overload& overload, const Stack& stack, std::string_view name) {
  for (size_t i = 0; i < overload.parameters.size(); ++i) {
    if (overload.parameters[i].name == name) return stack[i];
  }
  return {};
}

std::string nameOf(const Overload& overload) {
  const std::string& name = overload.handle.operator_name().name;
  return name.substr(name.find("::") + 2) + "(): ";
}

// torch.native_group_norm(torch.ones(1).to_sparse(), torch.ones(3, 2), None, 3, 1, 3, 0, 1.0)
// The dense kernels check it; the composite one, for sparse tensors and meta, divides by it: SIGFPE.
void groups(const Overload& overload, const Stack& stack) {
  const int64_t group = argument(overload, stack, "group").toInt();
  if (group < 1) {
    throw Error(ErrorKind::kArgument,
                nameOf(overload) + "the number of groups must be at least 1, is " + std::to_string(group));
  }
}

// x = torch.ones(1); torch.quantized_lstm_cell(x, [], x, x, x, x, x, x, x, x, 1, 1, 0, 0)
// Reads hx[0] and hx[1] without asking for the length of the list: SIGSEGV.
void twoStates(const Overload& overload, const Stack& stack) {
  const size_t states = argument(overload, stack, "hx").toListRef().size();
  if (states != 2) {
    throw Error(ErrorKind::kArgument,
                nameOf(overload) + "hx must hold two hidden states, holds " + std::to_string(states));
  }
}

// torch.range(0, 1, 0.5, dtype=torch.int64)
// The step is checked before it becomes a whole number, 0, and divided by afterwards: SIGFPE.
void wholeStep(const Overload& overload, const Stack& stack) {
  const c10::IValue out = argument(overload, stack, "out");
  const c10::IValue dtype = argument(overload, stack, "dtype");
  const c10::IValue step = argument(overload, stack, "step");
  if (!step.isScalar() || (!out.isTensor() && dtype.isNone())) return;
  const at::ScalarType type = out.isTensor() ? out.toTensor().scalar_type() : dtype.toScalarType();
  if (at::isIntegralType(type, /*includeBool=*/true) && step.toScalar().toLong() == 0) {
    throw Error(ErrorKind::kArgument,
                nameOf(overload) + "the step " + std::to_string(step.toScalar().toDouble()) +
                    " becomes 0 for the dtype " + c10::toString(type),
                "give a whole step, or a floating-point dtype");
  }
}

// torch.special.legendre_polynomial_p(torch.full((1,), 0.5), 2.0**53); laguerre_polynomial_l(…,
// dtype=torch.float64) One step for each degree, and 2^53 steps do not end.
void finiteDegree(const Overload& overload, const Stack& stack) {
  const c10::IValue n = argument(overload, stack, "n");
  double degree = 0;
  if (n.isScalar()) {
    degree = n.toScalar().toDouble();
  } else if (const at::Tensor& tensor = n.toTensor(); tensor.numel() > 0 && !tensor.is_meta()) {
    degree = tensor.max().item().toDouble();
  }
  if (degree > kMaxDegree) {
    throw Error(ErrorKind::kArgument,
                nameOf(overload) + "the degree must be at most 2^24, is " + c10::str(degree));
  }
}

// t = torch.quantize_per_tensor(torch.ones(3, 3), 0.1, 3, torch.quint8); torch.ops.aten.reflection_pad1d(t,
// [], out=t) The quantized kernel with out= checks neither the list's length nor its values: SIGSEGV, or
// writes past the end.
void quantizedOut(const Overload& overload, const Stack& stack) {
  if (overload.hasOut && argument(overload, stack, "self").toTensor().is_quantized()) {
    throw Error(ErrorKind::kArgument,
                nameOf(overload) + "a quantized tensor cannot be padded into out=", "call it without out=");
  }
}

// t = torch.ones(3, 3).to_sparse_csr(); torch.ops.aten.copy(t, t)
// Compares the storages, which CSR and mkldnn tensors do not have: SIGSEGV.
void storedSelf(const Overload& overload, const Stack& stack) {
  const at::Tensor& self = argument(overload, stack, "self").toTensor();
  if (!self.has_storage() && !self.is_sparse()) {
    throw Error(ErrorKind::kArgument,
                nameOf(overload) + "self must not have the layout " + c10::str(self.layout()),
                "use clone(), or the method copy_");
  }
}

// t = torch.ones(2, 3000, 4); torch.batch_norm_update_stats(t, torch.zeros(1), torch.zeros(1), 0.1)
// torch.batch_norm checks what its inner functions take for granted, one value for each channel: SIGSEGV.
void perChannel(const Overload& overload, const Stack& stack) {
  const at::Tensor& input = argument(overload, stack, "input").toTensor();
  if (input.dim() < 2) return;
  for (const char* name : {"weight", "bias", "running_mean", "running_var"}) {
    const c10::IValue value = argument(overload, stack, name);
    if (!value.isTensor() || !value.toTensor().defined() || value.toTensor().numel() == input.size(1))
      continue;
    throw Error(ErrorKind::kShape, nameOf(overload) + name + " must hold a value for each of the " +
                                       std::to_string(input.size(1)) + " channels, holds " +
                                       std::to_string(value.toTensor().numel()));
  }
}

// torch.choose_qparams_optimized(torch.ones(3, 0, dtype=torch.complex64).conj().imag, 0, 7, 0.5, 7)
// Looks for the extremes from the first element on, though there may be none: SIGSEGV.
void someElements(const Overload& overload, const Stack& stack) {
  if (argument(overload, stack, "numel").toInt() < 1 ||
      argument(overload, stack, "input").toTensor().numel() == 0) {
    throw Error(ErrorKind::kArgument, nameOf(overload) + "numel must be at least 1, and input not empty");
  }
}

// t = torch.ones(96).to(torch.uint8).to_mkldnn(); t.zero_()
// Writes a float32 for every element, whatever their dtype: heap corruption, SIGABRT or worse later.
void floatMkldnn(const Overload& overload, const Stack& stack) {
  const at::Tensor& self = argument(overload, stack, "self").toTensor();
  if (self.is_mkldnn() && self.scalar_type() != at::kFloat) {
    throw Error(ErrorKind::kDType,
                nameOf(overload) + "a tensor of the layout mkldnn must be float32, is " +
                    c10::toString(self.scalar_type()),
                "use to_dense() first");
  }
}

// torch.quantize_per_tensor(torch.arange(8.), 0.1, 3, torch.quint8).view(torch.int64)
// Takes the dtype's quantizer, which one that is not quantized does not have: SIGSEGV.
void quantizedBits(const Overload& overload, const Stack& stack) {
  const c10::IValue dtype = argument(overload, stack, "dtype");
  if (dtype.isNone() || !argument(overload, stack, "self").toTensor().is_quantized()) return;
  throw Error(ErrorKind::kDType, nameOf(overload) + "a quantized tensor cannot be seen as another dtype",
              "use int_repr() or dequantize() first");
}

// t = torch.quantize_per_tensor(torch.ones(1), 0.1, 3, torch.quint8); torch.cat([], 0, out=t)
// Takes the quantizer of the first tensor of none: SIGSEGV.
void someTensors(const Overload& overload, const Stack& stack) {
  const c10::IValue out = argument(overload, stack, "out");
  if (!out.isTensor() || !out.toTensor().is_quantized()) return;
  if (argument(overload, stack, "tensors").toListRef().empty())
    throw Error(ErrorKind::kArgument, nameOf(overload) + "expected a non-empty list of Tensors");
}

constexpr std::pair<std::string_view, Guard> kGuards[] = {
    {"aten::_native_batch_norm_legit", &perChannel},
    {"aten::_native_batch_norm_legit_no_training", &perChannel},
    {"aten::batch_norm_update_stats", &perChannel},
    {"aten::choose_qparams_optimized", &someElements},
    {"aten::cat", &someTensors},
    {"aten::concat", &someTensors},
    {"aten::concatenate", &someTensors},
    {"aten::copy", &storedSelf},
    {"aten::native_batch_norm", &perChannel},
    {"aten::native_group_norm", &groups},
    {"aten::quantized_lstm_cell", &twoStates},
    {"aten::range", &wholeStep},
    {"aten::reflection_pad1d", &quantizedOut},
    {"aten::special_laguerre_polynomial_l", &finiteDegree},
    {"aten::special_legendre_polynomial_p", &finiteDegree},
    {"aten::view", &quantizedBits},
    {"aten::view_copy", &quantizedBits},
    {"aten::zero_", &floatMkldnn},
};

bool hasMkldnn(const c10::IValue& value) {
  if (value.isTensor()) return value.toTensor().defined() && value.toTensor().is_mkldnn();
  if (!value.isList()) return false;
  const auto elements = value.toListRef();
  return std::any_of(elements.begin(), elements.end(), &hasMkldnn);
}

}  // namespace

// t = torch.ones(3, 3); torch.ops.aten.index_copy_(t, 0, torch.arange(3), t.to_mkldnn())
// The default kernel of operators that are made from a structure runs the CPU's, which reads memory that a
// tensor of this layout does not have: SIGSEGV.
void checkLayouts(const Overload& overload, const Stack& stack) {
  using c10::DispatchKey;
  if (!std::any_of(stack.begin(), stack.end(), &hasMkldnn)) return;
  for (const DispatchKey key : {DispatchKey::MkldnnCPU, DispatchKey::CompositeImplicitAutograd,
                                DispatchKey::CompositeExplicitAutograd}) {
    if (overload.handle.hasKernelForDispatchKey(key)) return;
  }
  throw Error(ErrorKind::kArgument, nameOf(overload) + "has no kernel for tensors of the layout mkldnn",
              "use to_dense() first");
}

Guard guardFor(std::string_view name) {
  const auto* found = std::find_if(std::begin(kGuards), std::end(kGuards),
                                   [&](const auto& pair) { return pair.first == name; });
  return found == std::end(kGuards) ? nullptr : found->second;
}

}  // namespace robertorch
