// Tensors on their way from one thread's environment to another's: their storage waits here under an id until
// it is opened or given up. It belongs to the process, not to an environment, so that a worker may end before
// its result is opened.
#include "bindings/sharing.h"

#include <ATen/ops/alias.h>

#include <mutex>
#include <random>

#include "bindings/convert.h"
#include "bindings/js_memory.h"
#include "core/runtime/errors.h"

namespace robertorch {
namespace {

struct Shared {
  at::Tensor tensor;
  int64_t opens;  // how often it may still be opened
};

struct Registry {
  std::mutex mutex;
  std::unordered_map<std::string, Shared> tensors;
};

// Leaked on purpose: threads may still be here while static objects are destroyed.
Registry& registry() {
  static auto* instance = new Registry();
  return *instance;
}

// A number that nobody hits by chance: a token of an earlier run must not open another tensor.
std::string makeId() {
  std::random_device random;
  char text[33];
  std::snprintf(text, sizeof text, "%08x%08x%08x%08x", random(), random(), random(), random());
  return text;
}

// (tensor, opens): an id
Napi::Value share(Environment& environment, const Napi::CallbackInfo& info) {
  const at::Tensor& tensor = environment.handles.tensor(info[0], "the tensor");
  const int64_t opens = intFrom(environment, info[1], "opens");
  if (opens < 1) throw Error(ErrorKind::kArgument, "opens must be at least 1, is " + std::to_string(opens));
  if (tensor.requires_grad() && !tensor.is_leaf()) {
    throw Error(ErrorKind::kArgument, "a tensor that belongs to a graph cannot be shared",
                "use tensor.detach().share()");
  }
  if (!tensor.has_storage()) throw Error(ErrorKind::kArgument, "a tensor without a storage cannot be shared");
  if (ownedByJs(tensor.storage())) {
    throw Error(ErrorKind::kArgument, "the tensor's memory belongs to a JavaScript buffer of this thread",
                "use tensor.clone().share()");
  }
  // Growing would free memory that another thread is reading.
  tensor.storage().unsafeGetStorageImpl()->set_resizable(false);
  at::Tensor held = tensor.detach();
  held.set_requires_grad(tensor.requires_grad());
  std::string id = makeId();
  const std::lock_guard lock(registry().mutex);
  registry().tensors.emplace(id, Shared{std::move(held), opens});
  return Napi::String::New(info.Env(), id);
}

Napi::Value open(Environment& environment, const Napi::CallbackInfo& info) {
  const std::string id = stringFrom(info[0], "the token's id");
  at::Tensor held;
  {
    const std::lock_guard lock(registry().mutex);
    const auto found = registry().tensors.find(id);
    if (found == registry().tensors.end()) {
      throw Error(ErrorKind::kArgument, "no shared tensor waits under '" + id + "'",
                  "a token opens once: share(n) makes one that opens n times");
    }
    held = found->second.tensor;
    if (--found->second.opens == 0) registry().tensors.erase(found);
  }
  // A TensorImpl of its own for each thread: only storages may be used by several at once.
  at::Tensor tensor = held.detach();
  tensor.set_requires_grad(held.requires_grad());
  return {info.Env(), environment.handles.wrap(tensor)};
}

Napi::Value close(Environment&, const Napi::CallbackInfo& info) {
  const std::string id = stringFrom(info[0], "the token's id");
  Shared given;  // destroyed after the lock is released
  const std::lock_guard lock(registry().mutex);
  if (const auto found = registry().tensors.find(id); found != registry().tensors.end()) {
    given = std::move(found->second);
    registry().tensors.erase(found);
    return Napi::Boolean::New(info.Env(), true);
  }
  return Napi::Boolean::New(info.Env(), false);
}

Napi::Value count(Environment&, const Napi::CallbackInfo& info) {
  const std::lock_guard lock(registry().mutex);
  return Napi::Number::New(info.Env(), static_cast<double>(registry().tensors.size()));
}

}  // namespace

void registerSharing(Environment&, Napi::Object& exports) {
  define<share>(exports, "shareTensor");
  define<open>(exports, "openShared");
  define<close>(exports, "closeShared");
  define<count>(exports, "sharedTensors");
}

}  // namespace robertorch
