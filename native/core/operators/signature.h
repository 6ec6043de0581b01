// What a registered operator accepts, in a form that can be matched against loosely typed arguments quickly.
#pragma once

#include <ATen/core/function_schema.h>

#include "core/torch.h"

namespace robertorch {

enum class ParameterKind : uint8_t {
  kTensor,
  kTensorList,
  kOptionalTensorList,
  kInt,
  kIntList,
  kFloat,
  kFloatList,
  kBool,
  kBoolList,
  kScalar,
  kScalarList,
  kString,
  kDevice,
  kDType,
  kLayout,
  kMemoryFormat,
  kGenerator,
  kUnsupported,  // dimension names, storages, custom classes
};

struct Parameter {
  std::string name;
  ParameterKind kind;
  bool optional;  // accepts None
  bool symbolic;  // SymInt or SymInt[]: the same to us, but the boxed value needs the right tag
  bool keywordOnly;
  bool out;             // `out=` and its siblings
  int32_t fixedLength;  // of an int[2]: one number stands for all; 0 when not fixed
  std::optional<c10::IValue> defaultValue;
  bool numberAsTensor = false;  // takes a number where the schema says Tensor, as Python's parser does

  bool required() const { return !defaultValue.has_value(); }
};

struct Overload;
/** Throws when LibTorch would crash over these arguments; see guards.h. */
using Guard = void (*)(const Overload& overload, const torch::jit::Stack& stack);

struct Overload {
  c10::OperatorHandle handle;
  std::vector<Parameter> parameters;
  size_t positional;  // parameters that are not keyword-only
  bool hasOut;
  size_t outs;          // how many `out=` parameters
  bool factory;         // takes dtype, device, …: Python adds requires_grad to these
  int returnsArgument;  // index of the parameter that is returned itself (in-place and out), or -1
  std::vector<std::string> returnNames;  // names of several results, as in Python's named tuples
  Guard guard = nullptr;
  std::vector<size_t> written = {};  // parameters that are changed in place, `out=` included
  bool reshapes = false;             // and may get another shape or another storage
  bool resizes = false;              // and may have their storage's memory replaced
};

/** All overloads of one name, in the order in which Python's argument parser would try them. */
struct Operator {
  std::string name;  // with namespace: aten::add
  std::vector<Overload> overloads;
};

Overload describeOverload(const c10::OperatorHandle& handle);

/** Python's spelling of a parameter's type, for messages: Tensor, int, list of ints, ... */
std::string typeName(const Parameter& parameter);

}  // namespace robertorch
