// Values that are given by name: dtypes, devices, layouts and memory formats.
#include "bindings/convert.h"
#include "core/runtime/errors.h"

namespace robertorch {
namespace {

std::string enumName(Environment& environment, napi_value value) {
  if (typeOf(environment.env, value) != napi_string) return "";
  std::string name = Napi::String(environment.env, value).Utf8Value();
  return name.rfind("torch.", 0) == 0 ? name.substr(6) : name;
}

constexpr std::pair<const char*, at::Layout> kLayouts[] = {
    {"strided", at::kStrided},      {"sparse_coo", at::kSparse},    {"sparse_csr", at::kSparseCsr},
    {"sparse_csc", at::kSparseCsc}, {"sparse_bsr", at::kSparseBsr}, {"sparse_bsc", at::kSparseBsc},
    {"jagged", at::kJagged},        {"_mkldnn", at::kMkldnn}};

}  // namespace

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
    text = Napi::String(env, value).Utf8Value();
  } else if (const Napi::Object object(env, value); object.IsObject() && !object.IsArray()) {
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

at::ScalarType requireDtype(Environment& environment, const Napi::Value& value, const char* what) {
  const auto dtype = dtypeFrom(environment, value);
  if (!dtype)
    throw Error(ErrorKind::kDType, std::string(what) + " is not a dtype",
                "use torch.float32, torch.int64, …");
  return *dtype;
}

}  // namespace robertorch
