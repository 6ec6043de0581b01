#include "bindings/generator.h"

#include <ATen/CPUGeneratorImpl.h>

#include "bindings/convert.h"
#include "core/runtime/errors.h"

namespace robertorch {
namespace {

// Marks our externals, so that another addon's external is never taken for a generator.
constexpr napi_type_tag kGeneratorTag = {0x6f2a9a1e5c9b4d11, 0x9d1b7f30c2e84a57};

Napi::Value wrapGenerator(Environment& environment, const at::Generator& generator) {
  auto external = Napi::External<at::Generator>::New(environment.env, new at::Generator(generator),
                                                     [](Napi::Env, at::Generator* data) { delete data; });
  external.TypeTag(&kGeneratorTag);
  return external;
}

at::Generator require(Environment& environment, const Napi::Value& value) {
  const auto generator = generatorFrom(environment, value);
  if (!generator) throw Error(ErrorKind::kArgument, "generator must be a torch.Generator");
  return *generator;
}

Napi::Value create(Environment& environment, const Napi::CallbackInfo&) {
  return wrapGenerator(environment, at::detail::createCPUGenerator());
}

Napi::Value defaultGenerator(Environment& environment, const Napi::CallbackInfo&) {
  return wrapGenerator(environment, at::detail::getDefaultCPUGenerator());
}

Napi::Value seed(Environment& environment, const Napi::CallbackInfo& info) {
  at::Generator generator = require(environment, info[0]);
  // Python takes any 64-bit pattern: negative seeds are the same bits.
  const auto value = static_cast<uint64_t>(intFrom(environment, info[1], "seed"));
  std::lock_guard lock(generator.mutex());
  generator.set_current_seed(value);
  return info.Env().Undefined();
}

Napi::Value initialSeed(Environment& environment, const Napi::CallbackInfo& info) {
  return Napi::BigInt::New(info.Env(), static_cast<uint64_t>(require(environment, info[0]).current_seed()));
}

Napi::Value getState(Environment& environment, const Napi::CallbackInfo& info) {
  at::Generator generator = require(environment, info[0]);
  std::lock_guard lock(generator.mutex());
  return {info.Env(), environment.handles.wrap(generator.get_state())};
}

Napi::Value setState(Environment& environment, const Napi::CallbackInfo& info) {
  at::Generator generator = require(environment, info[0]);
  const at::Tensor& state = environment.handles.tensor(info[1], "state");
  std::lock_guard lock(generator.mutex());
  generator.set_state(state);
  return info.Env().Undefined();
}

}  // namespace

std::optional<at::Generator> generatorFrom(Environment& environment, napi_value value) {
  Napi::Value candidate(environment.env, value);
  if (candidate.IsObject() && !candidate.IsExternal()) candidate = candidate.As<Napi::Object>().Get("handle");
  if (!candidate.IsExternal()) return std::nullopt;
  const auto external = candidate.As<Napi::External<at::Generator>>();
  if (!external.CheckTypeTag(&kGeneratorTag)) return std::nullopt;
  return *external.Data();
}

void registerGenerator(Environment&, Napi::Object& exports) {
  define<create>(exports, "createGenerator");
  define<defaultGenerator>(exports, "defaultGenerator");
  define<seed>(exports, "generatorSeed");
  define<initialSeed>(exports, "generatorInitialSeed");
  define<getState>(exports, "generatorGetState");
  define<setState>(exports, "generatorSetState");
}

}  // namespace robertorch
