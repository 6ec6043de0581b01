#include "bindings/convert.h"

#include <ATen/ScalarOps.h>
#include <ATen/core/Generator.h>

#include <cfloat>
#include <cmath>

#include "bindings/generator.h"
#include "core/runtime/errors.h"

namespace robertorch {
namespace {

bool readInt(napi_env env, napi_value value, int64_t& out) {
  const napi_valuetype type = typeOf(env, value);
  if (type == napi_number) {
    double number;
    napi_get_value_double(env, value, &number);
    // 2^63 itself does not fit; every double below it that is whole does.
    if (number != std::trunc(number) || !(std::fabs(number) < 9223372036854775808.0)) return false;
    out = static_cast<int64_t>(number);
    return true;
  }
  if (type == napi_bigint) {
    bool lossless = false;
    return napi_get_value_bigint_int64(env, value, &out, &lossless) == napi_ok && lossless;
  }
  return false;
}

bool readDouble(napi_env env, napi_value value, double& out) {
  return napi_get_value_double(env, value, &out) == napi_ok;
}

bool readField(napi_env env, napi_value object, const char* name, double& out) {
  napi_value field;
  if (napi_get_named_property(env, object, name, &field) != napi_ok) throw Napi::Error::New(env);
  return readDouble(env, field, out);
}

bool readComplex(napi_env env, napi_value value, c10::complex<double>& out) {
  double re, im;
  if (typeOf(env, value) != napi_object || !readField(env, value, "re", re) ||
      !readField(env, value, "im", im))
    return false;
  out = {re, im};
  return true;
}

// Python's parser takes a 0-d tensor for a number unless that would cut it out of the graph.
const at::Tensor* readNumberTensor(Environment& environment, napi_value value) {
  if (typeOf(environment.env, value) != napi_object) return nullptr;
  const Handle* handle = environment.handles.find(value);
  if (handle == nullptr) return nullptr;
  const at::Tensor& tensor = HandleTable::tensor(*handle, "a tensor argument");
  return tensor.dim() == 0 && !tensor.requires_grad() && !tensor.is_meta() ? &tensor : nullptr;
}

// Whole numbers become integers: JavaScript cannot tell 2 from 2.0. Only a float can be -0.
bool readScalar(Environment& environment, napi_value value, at::Scalar& out) {
  const napi_env env = environment.env;
  int64_t whole;
  switch (typeOf(env, value)) {
    case napi_number: {
      double number = 0;
      readDouble(env, value, number);
      const bool negativeZero = number == 0 && std::signbit(number);
      out = !negativeZero && readInt(env, value, whole) ? at::Scalar(whole) : at::Scalar(number);
      return true;
    }
    case napi_bigint:
      if (!readInt(env, value, whole)) return false;
      out = at::Scalar(whole);
      return true;
    case napi_boolean: {
      bool flag = false;
      napi_get_value_bool(env, value, &flag);
      out = at::Scalar(flag);
      return true;
    }
    default: {
      c10::complex<double> complex;
      if (const at::Tensor* tensor = readNumberTensor(environment, value))
        out = tensor->item();
      else if (readComplex(env, value, complex))
        out = at::Scalar(complex);
      else
        return false;
      return true;
    }
  }
}

// The tensor that Python's parser makes of a number beside `self`. Where the result has the type of `self`
// anyway, so has the number: LibTorch would convert it by a copy that costs as much as the operator. Other
// types are left to LibTorch: half types compute with the number unrounded, and what float32 cannot hold must
// not throw here.
at::Tensor numberTensor(const at::Scalar& number, const at::Tensor* self) {
  at::ScalarType type = number.type();
  if (self != nullptr && (self->scalar_type() == at::kFloat || self->scalar_type() == at::kDouble) &&
      (number.isIntegral(false) || number.isFloatingPoint()) && std::fabs(number.toDouble()) <= FLT_MAX) {
    type = self->scalar_type();
  }
  at::Tensor tensor = at::detail::scalar_tensor_static(number, type, at::kCPU);
  tensor.unsafeGetTensorImpl()->set_wrapped_number(true);
  return tensor;
}

bool readIntArgument(Environment& environment, napi_value value, int64_t& out) {
  if (readInt(environment.env, value, out)) return true;
  const at::Tensor* tensor = readNumberTensor(environment, value);
  if (tensor == nullptr || !at::isIntegralType(tensor->scalar_type(), false)) return false;
  out = tensor->item().toLong();
  return true;
}

// Python's True is a number where a float is wanted, and none where an int is.
bool readFloat(napi_env env, napi_value value, double& out) {
  bool flag;
  if (readDouble(env, value, out)) return true;
  if (napi_get_value_bool(env, value, &flag) != napi_ok) return false;
  out = flag ? 1 : 0;
  return true;
}

bool readFloatArgument(Environment& environment, napi_value value, double& out) {
  if (readFloat(environment.env, value, out)) return true;
  const at::Tensor* tensor = readNumberTensor(environment, value);
  if (tensor == nullptr || tensor->is_complex()) return false;
  out = tensor->item().toDouble();
  return true;
}

bool isArray(napi_env env, napi_value value) {
  bool array = false;
  napi_is_array(env, value, &array);
  return array;
}

// Calls `read(element)` for each element; false as soon as one does not fit.
template <typename Read>
bool readList(napi_env env, napi_value value, Read read) {
  uint32_t length = 0;
  if (!isArray(env, value) || napi_get_array_length(env, value, &length) != napi_ok) return false;
  for (uint32_t i = 0; i < length; ++i) {
    napi_value element;
    if (napi_get_element(env, value, i, &element) != napi_ok) throw Napi::Error::New(env);
    if (!read(element)) return false;
  }
  return true;
}

const at::Tensor* readTensor(Environment& environment, napi_value value) {
  const Handle* handle = environment.handles.find(value);
  if (handle == nullptr) return nullptr;
  return &HandleTable::tensor(*handle, "a tensor argument");
}

bool convertIntList(Environment& environment, const Parameter& parameter, napi_value value,
                    c10::IValue& out) {
  std::vector<int64_t> ints;
  int64_t one;
  if (parameter.fixedLength > 0 && readIndex(environment, value, one)) {
    ints.assign(parameter.fixedLength, one);
  } else if (!readList(environment.env, value, [&](napi_value element) {
               if (!readIndex(environment, element, one)) return false;
               ints.push_back(one);
               return true;
             })) {
    return false;
  }
  out = c10::IValue(std::move(ints));
  return true;
}

bool convertTensorList(Environment& environment, napi_value value, bool allowNone, c10::IValue& out) {
  c10::List<at::Tensor> tensors;
  c10::List<std::optional<at::Tensor>> optionals;
  if (!readList(environment.env, value, [&](napi_value element) {
        const napi_valuetype type = typeOf(environment.env, element);
        if (allowNone && (type == napi_null || type == napi_undefined)) {
          optionals.push_back(std::nullopt);
          return true;
        }
        const at::Tensor* tensor = readTensor(environment, element);
        if (tensor == nullptr) return false;
        if (allowNone)
          optionals.push_back(*tensor);
        else
          tensors.push_back(*tensor);
        return true;
      })) {
    return false;
  }
  out = allowNone ? c10::IValue(std::move(optionals)) : c10::IValue(std::move(tensors));
  return true;
}

template <typename T, typename Read>
bool convertList(Environment& environment, napi_value value, Read read, c10::IValue& out) {
  c10::List<T> list;
  if (!readList(environment.env, value, [&](napi_value element) {
        T item{};
        if (!read(element, item)) return false;
        list.push_back(item);
        return true;
      })) {
    return false;
  }
  out = c10::IValue(std::move(list));
  return true;
}

bool convertScalarList(Environment& environment, napi_value value, c10::IValue& out) {
  std::vector<at::Scalar> scalars;
  if (!readList(environment.env, value, [&](napi_value element) {
        at::Scalar scalar;
        if (!readScalar(environment, element, scalar)) return false;
        scalars.push_back(scalar);
        return true;
      })) {
    return false;
  }
  out = c10::IValue(std::move(scalars));
  return true;
}

}  // namespace

bool isComplexNumber(napi_env env, napi_value value) {
  c10::complex<double> ignored;
  return readComplex(env, value, ignored);
}

bool readIndex(Environment& environment, napi_value value, int64_t& out) {
  if (readInt(environment.env, value, out)) return true;
  if (typeOf(environment.env, value) != napi_object) return false;
  const at::Tensor* tensor = readTensor(environment, value);
  if (tensor == nullptr || tensor->is_meta() || tensor->numel() != 1 ||
      !at::isIntegralType(tensor->scalar_type(), false)) {
    return false;
  }
  out = tensor->item().toLong();
  return true;
}

bool convertInts(Environment& environment, std::span<const napi_value> values, c10::IValue& out) {
  std::vector<int64_t> ints(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    if (!readIndex(environment, values[i], ints[i])) return false;
  }
  out = c10::IValue(std::move(ints));
  return true;
}

bool convertArgument(Environment& environment, const Parameter& parameter, napi_value value,
                     const at::Tensor* self, c10::IValue& out) {
  const napi_env env = environment.env;
  const napi_valuetype type = typeOf(env, value);
  if (type == napi_null) {
    out = c10::IValue();
    return parameter.optional;
  }
  int64_t whole;
  double number;
  bool flag;
  switch (parameter.kind) {
    case ParameterKind::kTensor: {
      const at::Tensor* tensor = type == napi_object ? readTensor(environment, value) : nullptr;
      if (tensor != nullptr) {
        out = c10::IValue(*tensor);
        return true;
      }
      at::Scalar scalar;
      if (!parameter.numberAsTensor || !readScalar(environment, value, scalar)) return false;
      out = c10::IValue(numberTensor(scalar, self));
      return true;
    }
    case ParameterKind::kTensorList:
      return convertTensorList(environment, value, false, out);
    case ParameterKind::kOptionalTensorList:
      return convertTensorList(environment, value, true, out);
    case ParameterKind::kInt:
      if (!readIntArgument(environment, value, whole)) return false;
      out = c10::IValue(whole);
      return true;
    case ParameterKind::kIntList:
      return convertIntList(environment, parameter, value, out);
    case ParameterKind::kFloat:
      if (!readFloatArgument(environment, value, number)) return false;
      out = c10::IValue(number);
      return true;
    case ParameterKind::kFloatList:
      return convertList<double>(
          environment, value, [&](napi_value v, double& item) { return readFloat(env, v, item); }, out);
    case ParameterKind::kBool:
      if (napi_get_value_bool(env, value, &flag) != napi_ok) return false;
      out = c10::IValue(flag);
      return true;
    case ParameterKind::kBoolList:
      return convertList<bool>(
          environment, value,
          [&](napi_value v, bool& item) { return napi_get_value_bool(env, v, &item) == napi_ok; }, out);
    case ParameterKind::kScalar: {
      at::Scalar scalar;
      if (!readScalar(environment, value, scalar)) return false;
      out = c10::IValue(scalar);
      return true;
    }
    case ParameterKind::kScalarList:
      return convertScalarList(environment, value, out);
    case ParameterKind::kString:
      if (type != napi_string) return false;
      out = c10::IValue(Napi::String(env, value).Utf8Value());
      return true;
    case ParameterKind::kDevice: {
      const auto device = deviceFrom(environment, value);
      if (!device) return false;
      out = c10::IValue(*device);
      return true;
    }
    case ParameterKind::kDType: {
      const auto dtype = dtypeFrom(environment, value);
      if (!dtype) return false;
      out = c10::IValue(static_cast<int64_t>(*dtype));
      return true;
    }
    case ParameterKind::kLayout:
      return convertLayout(environment, value, out);
    case ParameterKind::kMemoryFormat:
      return convertMemoryFormat(environment, value, out);
    case ParameterKind::kGenerator: {
      const auto generator = generatorFrom(environment, value);
      if (!generator) return false;
      out = c10::IValue(*generator);
      return true;
    }
    case ParameterKind::kUnsupported:
      return false;
  }
  return false;
}

std::string stringFrom(const Napi::Value& value, const char* what) {
  if (!value.IsString()) throw Error(ErrorKind::kArgument, std::string(what) + " must be a string");
  return value.As<Napi::String>().Utf8Value();
}

int64_t intFrom(Environment& environment, const Napi::Value& value, const char* what) {
  int64_t out;
  if (!readInt(environment.env, value, out))
    throw Error(ErrorKind::kArgument, std::string(what) + " must be an integer");
  return out;
}

std::vector<int64_t> intsFrom(Environment& environment, const Napi::Value& value, const char* what) {
  std::vector<int64_t> out;
  if (!readList(environment.env, value, [&](napi_value element) {
        int64_t item;
        if (!readInt(environment.env, element, item)) return false;
        out.push_back(item);
        return true;
      })) {
    throw Error(ErrorKind::kArgument, std::string(what) + " must be a list of integers");
  }
  return out;
}

std::vector<at::Tensor> tensorsFrom(Environment& environment, const Napi::Value& value, const char* what) {
  std::vector<at::Tensor> out;
  if (!readList(environment.env, value, [&](napi_value element) {
        out.push_back(environment.handles.tensor(element, what));
        return true;
      })) {
    throw Error(ErrorKind::kArgument, std::string(what) + " must be a list of Tensors");
  }
  return out;
}

}  // namespace robertorch
