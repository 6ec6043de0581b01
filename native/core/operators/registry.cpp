#include "core/operators/registry.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <tuple>

namespace robertorch {
namespace {

using OverloadNames = std::map<std::string, std::vector<c10::OperatorName>>;

const OverloadNames& registeredNames() {
  static const OverloadNames* names = [] {
    auto* byName = new OverloadNames();
    for (const c10::OperatorName& name : c10::Dispatcher::singleton().getAllOpNames()) {
      // Operators without a schema are implementation details of a backend.
      const auto handle = c10::Dispatcher::singleton().findOp(name);
      if (handle.has_value() && handle->hasSchema()) (*byName)[name.name].push_back(name);
    }
    return byName;
  }();
  return *names;
}

// Python's parser tries the signature without `out=` first, numbers after tensors (a number matches no
// Tensor, a 0-dim tensor must not match a number), and short signatures before long ones: x.sum() is the sum
// over all.
auto parserOrder(const Overload& overload) {
  bool unsupported = false, scalar = false, ints = false;
  size_t required = 0;
  for (const Parameter& parameter : overload.parameters) {
    unsupported |= parameter.kind == ParameterKind::kUnsupported;
    scalar |= parameter.kind == ParameterKind::kScalar && !parameter.keywordOnly;
    // One number may stand for a list of them, so that hsplit(x, 2) would be two pieces by index, not by
    // count.
    ints |= parameter.kind == ParameterKind::kIntList && !parameter.keywordOnly;
    required += parameter.required();
  }
  return std::tuple(overload.hasOut, unsupported, scalar, required, overload.positional, ints,
                    overload.handle.operator_name().overload_name);
}

}  // namespace

const Operator* findOperator(const std::string& name) {
  static std::mutex mutex;
  static auto* found = new std::unordered_map<std::string, std::unique_ptr<Operator>>();
  std::lock_guard lock(mutex);
  if (const auto it = found->find(name); it != found->end()) return it->second.get();
  const size_t dot = name.find('.');
  const auto registered = registeredNames().find(name.substr(0, dot));
  if (registered == registeredNames().end()) return nullptr;
  auto op = std::make_unique<Operator>();
  op->name = name;
  for (const c10::OperatorName& overload : registered->second) {
    // Python calls the overload without a name `default`.
    const std::string called = overload.overload_name.empty() ? "default" : overload.overload_name;
    if (dot != std::string::npos && name.substr(dot + 1) != called) continue;
    op->overloads.push_back(describeOverload(*c10::Dispatcher::singleton().findSchema(overload)));
  }
  if (op->overloads.empty()) return nullptr;
  std::sort(op->overloads.begin(), op->overloads.end(),
            [](const Overload& a, const Overload& b) { return parserOrder(a) < parserOrder(b); });
  return found->emplace(name, std::move(op)).first->second.get();
}

std::vector<std::string> operatorNames() {
  std::vector<std::string> names;
  for (const auto& [name, overloads] : registeredNames()) names.push_back(name);
  return names;
}

}  // namespace robertorch
