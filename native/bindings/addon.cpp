// The addon's entry: what it exports, by topic. Called once per environment, main thread or worker.
#include <napi.h>

#include "bindings/anomaly.h"
#include "bindings/autograd.h"
#include "bindings/data.h"
#include "bindings/environment.h"
#include "bindings/generator.h"
#include "bindings/hooks.h"
#include "bindings/indexing.h"
#include "bindings/mapped.h"
#include "bindings/model.h"
#include "bindings/operators.h"
#include "bindings/runtime.h"
#include "bindings/safetensors.h"
#include "bindings/settings.h"
#include "bindings/sharing.h"
#include "bindings/tensor.h"
#include "core/runtime/memory.h"

namespace robertorch {
namespace {

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  installCpuAllocator();
  installAnomalyEngine();
  auto* environment = new Environment(env);  // owned by the env's instance data
  registerRuntime(*environment, exports);
  registerSettings(*environment, exports);
  registerTensor(*environment, exports);
  registerData(*environment, exports);
  registerSharing(*environment, exports);
  registerIndexing(*environment, exports);
  registerOperators(*environment, exports);
  registerAutograd(*environment, exports);
  registerHooks(*environment, exports);
  registerGenerator(*environment, exports);
  registerSafetensors(*environment, exports);
  registerMapped(*environment, exports);
  registerModel(*environment, exports);
  return exports;
}

NODE_API_MODULE(robertorch, initialize)

}  // namespace
}  // namespace robertorch
