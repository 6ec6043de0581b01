#include "bindings/convert.h"

#include <ATen/ScalarOps.h>
#include <ATen/core/Generator.h>

#include <cmath>

#include "bindings/generator.h"
#include "core/runtime/errors.h"

namespace robertorch {
namespace {

napi_valuetype typeOf(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  return type;
}

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
  double number;
  bool flag;
  c10::complex<double> complex;
  if (readDouble(env, value, number) && number == 0 && std::signbit(number))
    out = at::Scalar(number);
  else if (readInt(env, value, whole))
    out = at::Scalar(whole);
  else if (readDouble(env, value, number))
    out = at::Scalar(number);
  else if (napi_get_value_bool(env, value, &flag) == napi_ok)
    out = at::Scalar(flag);
  else if (const at::Tensor* tensor = readNumberTensor(environment, value))
    out = tensor->item();
  else if (readComplex(env, value, complex))
    out = at::Scalar(complex);
  else
    return false;
  return true;
}

bool readIntArgument(Environment& environment, napi_value value, int64_t& out) {
  if (readInt(environment.env, value, out)) return true;
  const at::Tensor* tensor = readNumberTensor(environment, value);
  if (tensor == nullptr || !at::isIntegralType(tensor->scalar_type(), false)) return false;
  out = tensor->item().toLong();
  return true;
}

bool readFloatArgument(Environment& environment, napi_value value, double& out) {
  if (readDouble(environment.env, value, out)) return true;
  const at::Tensor* tensor = readNumberTensor(environment, value);
  if (tensor == nullptr || tensor->is_complex()) return false;
  out = tensor->item().toDouble();
  return true;
}

std::string readString(napi_env env, napi_value value) { return Napi::String(env, value).Utf8Value(); }

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
  if (parameter.fixedLength > 0 && readInt(environment.env, value, one)) {
    ints.assign(parameter.fixedLength, one);
  } else if (!readList(environment.env, value, [&](napi_value element) {
               if (!readInt(environment.env, element, one)) return false;
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

std::string enumName(Environment& environment, napi_value value) {
  if (typeOf(environment.env, value) != napi_string) return "";
  std::string name = readString(environment.env, value);
  return name.rfind("torch.", 0) == 0 ? name.substr(6) : name;
}

constexpr std::pair<const char*, at::Layout> kLayouts[] = {
    {"strided", at::kStrided},      {"sparse_coo", at::kSparse},    {"sparse_csr", at::kSparseCsr},
    {"sparse_csc", at::kSparseCsc}, {"sparse_bsr", at::kSparseBsr}, {"sparse_bsc", at::kSparseBsc},
    {"jagged", at::kJagged},        {"_mkldnn", at::kMkldnn}};

bool convertLayout(Environment& environment, napi_value value, c10::IValue& out) {
  for (const auto& [name, layout] : kLayouts) {
    if (enumName(environment, value) == name) {
      out = c10::IValue(static_cast<int64_t>(layout));
      return true;
    }
  }
  return false;
}

bool convertMemoryFormat(Environment& environment, napi_value value, c10::IValue& out) {
  static const std::pair<const char*, at::MemoryFormat> known[] = {
      {"contiguous_format", at::MemoryFormat::Contiguous},
      {"preserve_format", at::MemoryFormat::Preserve},
      {"channels_last", at::MemoryFormat::ChannelsLast},
      {"channels_last_3d", at::MemoryFormat::ChannelsLast3d}};
  for (const auto& [name, format] : known) {
    if (enumName(environment, value) == name) {
      out = c10::IValue(static_cast<int64_t>(format));
      return true;
    }
  }
  return false;
}

}  // namespace

bool isComplexNumber(napi_env env, napi_value value) {
  c10::complex<double> ignored;
  return readComplex(env, value, ignored);
}

bool convertInts(Environment& environment, std::span<const napi_value> values, c10::IValue& out) {
  std::vector<int64_t> ints(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    if (!readInt(environment.env, values[i], ints[i])) return false;
  }
  out = c10::IValue(std::move(ints));
  return true;
}

bool convertArgument(Environment& environment, const Parameter& parameter, napi_value value,
                     c10::IValue& out) {
  const napi_env env = environment.env;
  if (typeOf(env, value) == napi_null) {
    out = c10::IValue();
    return parameter.optional;
  }
  int64_t whole;
  double number;
  bool flag;
  switch (parameter.kind) {
    case ParameterKind::kTensor: {
      if (const at::Tensor* tensor = readTensor(environment, value)) {
        out = c10::IValue(*tensor);
        return true;
      }
      at::Scalar scalar;
      if (!parameter.numberAsTensor || !readScalar(environment, value, scalar)) return false;
      at::Tensor wrapped = c10::scalar_to_tensor(scalar);
      wrapped.unsafeGetTensorImpl()->set_wrapped_number(true);
      out = c10::IValue(std::move(wrapped));
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
          environment, value, [&](napi_value v, double& item) { return readDouble(env, v, item); }, out);
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
      if (typeOf(env, value) != napi_string) return false;
      out = c10::IValue(readString(env, value));
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

std::optional<at::ScalarType> dtypeFrom(Environment& environment, napi_value value) {
  const napi_env env = environment.env;
  const napi_valuetype type = typeOf(env, value);
  if (type == napi_object) {
    napi_value code;
    int32_t number;
    if (napi_get_named_property(env, value, "dtypeCode", &code) != napi_ok) throw Napi::Error::New(env);
    if (napi_get_value_int32(env, code, &number) != napi_ok) return std::nullopt;
    if (number < 0 || number >= static_cast<int32_t>(at::ScalarType::NumOptions)) return std::nullopt;
    return static_cast<at::ScalarType>(number);
  }
  static const std::pair<const char*, at::ScalarType> known[] = {{"float32", at::kFloat},
                                                                 {"float", at::kFloat},
                                                                 {"float64", at::kDouble},
                                                                 {"double", at::kDouble},
                                                                 {"float16", at::kHalf},
                                                                 {"half", at::kHalf},
                                                                 {"bfloat16", at::kBFloat16},
                                                                 {"int64", at::kLong},
                                                                 {"long", at::kLong},
                                                                 {"int32", at::kInt},
                                                                 {"int", at::kInt},
                                                                 {"int16", at::kShort},
                                                                 {"short", at::kShort},
                                                                 {"int8", at::kChar},
                                                                 {"uint8", at::kByte},
                                                                 {"bool", at::kBool},
                                                                 {"uint16", at::kUInt16},
                                                                 {"uint32", at::kUInt32},
                                                                 {"uint64", at::kUInt64},
                                                                 {"float8_e4m3fn", at::kFloat8_e4m3fn},
                                                                 {"float8_e5m2", at::kFloat8_e5m2},
                                                                 {"complex64", at::kComplexFloat},
                                                                 {"complex128", at::kComplexDouble}};
  const std::string wanted = enumName(environment, value);
  for (const auto& [name, dtype] : known) {
    if (wanted == name) return dtype;
  }
  return std::nullopt;
}

std::optional<at::Device> deviceFrom(Environment& environment, napi_value value) {
  const napi_env env = environment.env;
  std::string text;
  if (typeOf(env, value) == napi_string) {
    text = readString(env, value);
  } else if (typeOf(env, value) == napi_object && !isArray(env, value)) {
    const Napi::Object object(env, value);
    const Napi::Value type = object.Get("type"), index = object.Get("index");
    if (!type.IsString()) return std::nullopt;
    text = type.As<Napi::String>().Utf8Value();
    if (index.IsNumber()) text += ":" + std::to_string(index.As<Napi::Number>().Int64Value());
  }
  if (text.empty()) return std::nullopt;
  try {
    return at::Device(text);
  } catch (const c10::Error&) {
    return std::nullopt;  // another string, a dtype's name perhaps
  }
}

std::string layoutName(at::Layout layout) {
  for (const auto& [name, known] : kLayouts) {
    if (known == layout) return name;
  }
  return "unknown";
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

at::ScalarType requireDtype(Environment& environment, const Napi::Value& value, const char* what) {
  const auto dtype = dtypeFrom(environment, value);
  if (!dtype)
    throw Error(ErrorKind::kDType, std::string(what) + " is not a dtype",
                "use torch.float32, torch.int64, …");
  return *dtype;
}

}  // namespace robertorch
