// Calls of registered operators: every one goes through the dispatcher's boxed entry, so autograd, autocast
// and the device keys work without a hand-written binding.
#include "bindings/operators.h"

#include "bindings/arguments.h"
#include "bindings/convert.h"
#include "core/operators/guards.h"
#include "core/operators/registry.h"
#include "core/runtime/errors.h"
#include "core/runtime/memory.h"

namespace robertorch {
namespace {

constexpr size_t kMaxArguments = 64;

[[noreturn]] void refuse(Environment& environment, const Operator& op, const CallArguments& arguments) {
  const std::string name = op.name.substr(op.name.find("::") + 2);
  torch::jit::Stack stack;
  std::string message;
  std::string signatures;
  for (const Overload& overload : op.overloads) {
    std::string why;
    matchOverload(environment, overload, arguments, stack, &why);
    if (message.empty()) message = name + "(): " + why;
    if (op.overloads.size() > 1) signatures += "\n    " + c10::str(overload.handle.schema()) + ": " + why;
  }
  throw Error(ErrorKind::kArgument,
              op.overloads.size() > 1 ? name + "(): no signature fits" + signatures : message);
}

// While an asynchronous call runs: what it uses must keep its shape and storage. Only a strided tensor keeps
// them under an operator that writes values.
void checkInUse(const Environment& environment, const Overload& overload, const torch::jit::Stack& stack) {
  for (const size_t i : overload.written) {
    if (!stack[i].isTensor()) continue;
    const at::Tensor& tensor = stack[i].toTensor();
    if (overload.resizes || tensor.layout() != at::kStrided)
      environment.inUse.checkResize(tensor, 2, "an operator must not resize or write to it");
    else if (overload.reshapes)
      environment.inUse.checkChange(tensor, 2, "an operator must not reshape it");
  }
}

napi_value callOverload(Environment& environment, const Overload& overload, const CallArguments& arguments,
                        torch::jit::Stack& stack) {
  if (overload.guard != nullptr) overload.guard(overload, stack);
  if (environment.handles.sawOpaque()) checkLayouts(overload, stack);
  if (environment.inUse.any() && !overload.written.empty()) checkInUse(environment, overload, stack);
  const int64_t before = threadNetBytes();
  overload.handle.callBoxed(stack);
  if (overload.returnsArgument >= 0)
    return givenValue(environment, overload, arguments, overload.returnsArgument);
  const int64_t kept = std::max<int64_t>(threadNetBytes() - before, 0);
  if (stack.empty()) {
    napi_value undefined;
    napi_get_undefined(environment.env, &undefined);
    return undefined;
  }
  if (stack.size() == 1) {
    const c10::IValue& result = stack[0];
    if (wantsGrad(environment, overload, arguments)) result.toTensor().set_requires_grad(true);
    // A result that requires grad keeps its graph's saved tensors; its own data is counted by its storage.
    const bool graph =
        result.isTensor() && result.toTensor().requires_grad() && result.toTensor().has_storage();
    const int64_t own = graph ? static_cast<int64_t>(result.toTensor().storage().nbytes()) : 0;
    return toJs(environment, result, graph ? std::max<int64_t>(kept - own, 0) : 0);
  }
  Napi::Array results = Napi::Array::New(environment.env, stack.size());
  for (size_t i = 0; i < stack.size(); ++i) {
    const Napi::Value value(environment.env, toJs(environment, stack[i]));
    results.Set(static_cast<uint32_t>(i), value);
    // As in Python's named tuples: torch.max(x, 1).values
    if (i < overload.returnNames.size() && !overload.returnNames[i].empty())
      results.Set(overload.returnNames[i], value);
  }
  return results;
}

napi_value call(Environment& environment, const Operator& op, std::span<const napi_value> values) {
  const CallArguments arguments = splitKeywords(environment, values);
  // Calls nest (a hook in the middle of backward may call another operator), so each has its own stack.
  torch::jit::Stack stack;
  stack.reserve(8);
  for (const Overload& overload : op.overloads) {
    if (matchOverload(environment, overload, arguments, stack, nullptr)) {
      return callOverload(environment, overload, arguments, stack);
    }
  }
  refuse(environment, op, arguments);
}

// The function behind `torch.add` (static) or `Tensor.prototype.add` (the receiver is the first argument).
template <bool method>
napi_value invoke(napi_env env, napi_callback_info info) {
  napi_value values[kMaxArguments + 1];
  size_t count = kMaxArguments;
  void* op;
  Environment& environment = Environment::of(env);
  try {
    try {
      if (napi_get_cb_info(env, info, &count, values + (method ? 1 : 0), method ? values : nullptr, &op) !=
          napi_ok) {
        return nullptr;
      }
      if (count > kMaxArguments) throw Error(ErrorKind::kArgument, "more than 64 arguments were given");
      return call(environment, *static_cast<const Operator*>(op), {values, count + (method ? 1 : 0)});
    } catch (const Napi::Error&) {
      throw;
    } catch (...) {
      throw environment.makeError(std::current_exception());
    }
  } catch (const Napi::Error& error) {
    error.ThrowAsJavaScriptException();
    return nullptr;
  }
}

Napi::Value names(Environment&, const Napi::CallbackInfo& info) {
  const std::vector<std::string> all = operatorNames();
  Napi::Array result = Napi::Array::New(info.Env(), all.size());
  for (size_t i = 0; i < all.size(); ++i) result.Set(static_cast<uint32_t>(i), all[i]);
  return result;
}

const Operator& require(const std::string& name) {
  const Operator* op = findOperator(name);
  if (op == nullptr) throw Error(ErrorKind::kArgument, "LibTorch has no operator '" + name + "'");
  return *op;
}

template <bool method>
Napi::Value makeFunction(Environment& environment, const Napi::CallbackInfo& info) {
  const Operator& op = require(stringFrom(info[0], "name"));
  const std::string name = op.name.substr(op.name.find("::") + 2);
  napi_value function;
  napi_create_function(environment.env, name.c_str(), name.size(), &invoke<method>,
                       const_cast<Operator*>(&op), &function);
  return {environment.env, function};
}

Napi::Value schemas(Environment&, const Napi::CallbackInfo& info) {
  const Operator& op = require(stringFrom(info[0], "name"));
  Napi::Array result = Napi::Array::New(info.Env(), op.overloads.size());
  for (size_t i = 0; i < op.overloads.size(); ++i) {
    const Overload& overload = op.overloads[i];
    Napi::Object entry = Napi::Object::New(info.Env());
    entry.Set("schema", c10::str(overload.handle.schema()));
    Napi::Array parameters = Napi::Array::New(info.Env(), overload.parameters.size());
    for (size_t j = 0; j < overload.parameters.size(); ++j) {
      const Parameter& parameter = overload.parameters[j];
      Napi::Object item = Napi::Object::New(info.Env());
      item.Set("name", parameter.name);
      item.Set("type", typeName(parameter));
      item.Set("optional", parameter.optional);
      item.Set("keywordOnly", parameter.keywordOnly);
      item.Set("required", parameter.required());
      item.Set("out", parameter.out);
      item.Set("fixedLength", parameter.fixedLength);
      item.Set("unsupported", parameter.kind == ParameterKind::kUnsupported);
      parameters.Set(static_cast<uint32_t>(j), item);
    }
    entry.Set("parameters", parameters);
    entry.Set("returnsArgument", overload.returnsArgument);
    Napi::Array returns = Napi::Array::New(info.Env());
    uint32_t k = 0;
    for (const c10::Argument& result_ : overload.handle.schema().returns()) {
      Napi::Object item = Napi::Object::New(info.Env());
      item.Set("name", result_.name());
      item.Set("type", result_.type()->str());
      returns.Set(k++, item);
    }
    entry.Set("returns", returns);
    result.Set(static_cast<uint32_t>(i), entry);
  }
  return result;
}

}  // namespace

void registerOperators(Environment&, Napi::Object& exports) {
  define<names>(exports, "operatorNames");
  define<schemas>(exports, "operatorSchemas");
  define<makeFunction<false>>(exports, "operatorFunction");
  define<makeFunction<true>>(exports, "operatorMethod");
}

}  // namespace robertorch
