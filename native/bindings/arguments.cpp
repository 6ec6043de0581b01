#include "bindings/arguments.h"

#include <string_view>

#include "bindings/convert.h"
#include "core/runtime/errors.h"

namespace robertorch {
namespace {

using std::string_view;

// Python's parser accepts NumPy's and its own older names beside the schema's.
constexpr std::pair<string_view, string_view> kAliases[] = {
    {"dim", "axis"}, {"keepdim", "keepdims"}, {"self", "input"}, {"self", "x"},
    {"self", "a"},   {"self", "x1"},          {"other", "x2"}};

constexpr int kMaxDescribedDepth = 4;

bool isPlainObject(Environment& environment, napi_value value) {
  napi_value prototype;
  bool same = false;
  if (napi_get_prototype(environment.env, value, &prototype) != napi_ok) return false;
  if (typeOf(environment.env, prototype) == napi_null) return true;
  napi_strict_equals(environment.env, prototype, environment.objectPrototype.Value(), &same);
  return same;
}

napi_value keyword(Environment& environment, napi_value keywords, const std::string& name) {
  napi_value value = nullptr;
  if (napi_get_named_property(environment.env, keywords, name.c_str(), &value) != napi_ok)
    throw Napi::Error::New(environment.env);
  return typeOf(environment.env, value) == napi_undefined ? nullptr : value;
}

// The value given by keyword under the schema's name or an alias of it; null when not given.
napi_value findKeyword(Environment& environment, napi_value keywords, const std::string& name) {
  if (keywords == nullptr) return nullptr;
  if (napi_value value = keyword(environment, keywords, name)) return value;
  for (const auto& [schemaName, alias] : kAliases) {
    if (name != schemaName) continue;
    if (napi_value value = keyword(environment, keywords, std::string(alias))) return value;
  }
  return nullptr;
}

// `out=` under the parameter's own name, or `out: [values, indices]` for several.
napi_value findOut(Environment& environment, const Overload& overload, napi_value keywords, size_t position) {
  if (keywords == nullptr) return nullptr;
  napi_value given = keyword(environment, keywords, "out");
  if (given == nullptr || overload.outs == 1) return given;
  bool array = false;
  uint32_t length = 0;
  napi_is_array(environment.env, given, &array);
  if (!array || napi_get_array_length(environment.env, given, &length) != napi_ok || length != overload.outs)
    return nullptr;
  napi_value element;
  const size_t first = overload.parameters.size() - overload.outs;
  if (napi_get_element(environment.env, given, static_cast<uint32_t>(position - first), &element) != napi_ok)
    throw Napi::Error::New(environment.env);
  return element;
}

// x.view(2, 3) for x.view([2, 3]): allowed where the only positional parameter after self is a list of ints.
bool takesSpreadInts(Environment& environment, const Overload& overload, std::span<const napi_value> values) {
  const auto& parameters = overload.parameters;
  const bool method = !parameters.empty() && parameters[0].kind == ParameterKind::kTensor;
  const size_t list = method ? 1 : 0;
  if (overload.positional != list + 1 || parameters[list].kind != ParameterKind::kIntList) return false;
  if (values.size() <= list + (parameters[list].fixedLength == 1 ? 1 : 0)) return false;
  int64_t ignored;
  for (size_t i = list; i < values.size(); ++i) {
    if (!readIndex(environment, values[i], ignored)) return false;
  }
  return true;
}

// The first keyword that the overload does not have, or that was given by position already.
std::string unknownKeyword(Environment& environment, const Overload& overload, napi_value keywords,
                           size_t byPosition) {
  const Napi::Object object(environment.env, keywords);
  const Napi::Array names = object.GetPropertyNames();
  for (uint32_t i = 0; i < names.Length(); ++i) {
    const std::string name = names.Get(i).ToString().Utf8Value();
    if (object.Get(name).IsUndefined()) continue;
    bool known = (overload.factory && name == "requires_grad") || (overload.hasOut && name == "out");
    for (size_t j = 0; j < overload.parameters.size(); ++j) {
      const Parameter& parameter = overload.parameters[j];
      if (j < byPosition && !parameter.keywordOnly) continue;
      known |= parameter.name == name;
      for (const auto& [schemaName, alias] : kAliases) known |= alias == name && parameter.name == schemaName;
    }
    if (!known) return name;
  }
  return "";
}

}  // namespace

CallArguments splitKeywords(Environment& environment, std::span<const napi_value> values) {
  if (!values.empty()) {
    const napi_value last = values.back();
    // Looking a handle up costs less than asking for a prototype, and most calls end with a tensor.
    if (const Handle* handle = environment.handles.find(last)) return {values, nullptr, handle};
    if (typeOf(environment.env, last) == napi_object && isPlainObject(environment, last) &&
        !isComplexNumber(environment.env, last)) {
      return {values.first(values.size() - 1), last};
    }
  }
  // Trailing undefined means "not given", as for any JS function.
  while (!values.empty() && typeOf(environment.env, values.back()) == napi_undefined) {
    values = values.first(values.size() - 1);
  }
  return {values, nullptr};
}

bool matchOverload(Environment& environment, const Overload& overload, const CallArguments& arguments,
                   torch::jit::Stack& stack, std::string* why) {
  const auto refuse = [&](auto&& reason) {
    if (why != nullptr) *why = reason();
    return false;
  };
  stack.clear();
  std::span<const napi_value> values = arguments.positional;
  const bool spread = takesSpreadInts(environment, overload, values);
  if (!spread && values.size() > overload.positional) {
    return refuse([&] {
      return "takes " + std::to_string(overload.positional) + " positional arguments but " +
             std::to_string(values.size()) + " were given";
    });
  }
  for (size_t i = 0; i < overload.parameters.size(); ++i) {
    const Parameter& parameter = overload.parameters[i];
    napi_value value = nullptr;
    if (!parameter.keywordOnly && i < values.size()) {
      value = values[i];
      if (parameter.kind == ParameterKind::kTensor) {
        const bool known = arguments.last != nullptr && i + 1 == values.size();
        if (const Handle* handle = known ? arguments.last : environment.handles.find(value)) {
          stack.emplace_back(HandleTable::tensor(*handle, "a tensor argument"));
          continue;
        }
      }
      if (typeOf(environment.env, value) == napi_undefined) value = nullptr;
    }
    if (value == nullptr) {
      value = findKeyword(environment, arguments.keywords, parameter.name);
    }
    if (value == nullptr && parameter.out) value = findOut(environment, overload, arguments.keywords, i);
    if (value == nullptr) {
      if (parameter.required()) {
        return refuse(
            [&] { return "missing argument '" + parameter.name + "' (" + typeName(parameter) + ")"; });
      }
      stack.push_back(*parameter.defaultValue);
      continue;
    }
    c10::IValue converted;
    const at::Tensor* self = !stack.empty() && stack[0].isTensor() ? &stack[0].toTensor() : nullptr;
    const bool fits = spread && parameter.kind == ParameterKind::kIntList && !parameter.keywordOnly
                          ? convertInts(environment, values.subspan(i), converted)
                          : convertArgument(environment, parameter, value, self, converted);
    if (!fits) {
      return refuse([&] {
        return "argument '" + parameter.name + "' must be " + typeName(parameter) + ", not " +
               describeValue(environment, value);
      });
    }
    stack.push_back(std::move(converted));
  }
  if (arguments.keywords != nullptr) {
    const std::string unknown =
        unknownKeyword(environment, overload, arguments.keywords, spread ? 2 : values.size());
    if (!unknown.empty())
      return refuse([&] { return "got an unknown option '" + unknown + "', or one given by position"; });
  }
  return true;
}

napi_value givenValue(Environment& environment, const Overload& overload, const CallArguments& arguments,
                      int parameter) {
  const auto index = static_cast<size_t>(parameter);
  if (!overload.parameters[index].keywordOnly && index < arguments.positional.size())
    return arguments.positional[index];
  if (napi_value value = findKeyword(environment, arguments.keywords, overload.parameters[index].name))
    return value;
  return findOut(environment, overload, arguments.keywords, index);
}

bool wantsGrad(Environment& environment, const Overload& overload, const CallArguments& arguments) {
  if (!overload.factory || arguments.keywords == nullptr) return false;
  const napi_value value = keyword(environment, arguments.keywords, "requires_grad");
  return value != nullptr && Napi::Value(environment.env, value).ToBoolean();
}

std::string describeValue(Environment& environment, napi_value value, int depth) {
  const Napi::Value v(environment.env, value);
  if (const Handle* handle = environment.handles.find(value))
    return handle->disposed() ? "a disposed Tensor" : "Tensor";
  if (v.IsArray()) {
    const Napi::Array list = v.As<Napi::Array>();
    if (list.Length() == 0) return "an empty list";
    // A list may hold itself.
    if (depth == kMaxDescribedDepth) return "list";
    return "list of " + describeValue(environment, list.Get(uint32_t{0}), depth + 1);
  }
  switch (v.Type()) {
    case napi_undefined:
      return "undefined";
    case napi_null:
      return "null";
    case napi_boolean:
      return "boolean";
    case napi_number:
      return "number " + v.ToString().Utf8Value();
    case napi_bigint:
      return "bigint";
    case napi_string:
      return "string '" + v.ToString().Utf8Value().substr(0, 40) + "'";
    case napi_symbol:
      return "symbol";
    case napi_function:
      return "function";
    default:
      return "object";
  }
}

}  // namespace robertorch
