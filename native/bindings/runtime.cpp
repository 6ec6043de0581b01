// Versions, threads, random seed, memory figures: the process around the tensors.
#include "bindings/runtime.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Version.h>
#include <torch/headeronly/version.h>

#include "bindings/convert.h"
#include "core/runtime/device_memory.h"
#include "core/runtime/errors.h"

namespace robertorch {
namespace {

Napi::Value info_(Environment&, const Napi::CallbackInfo& info) {
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("compiledTorchVersion", TORCH_VERSION);
  result.Set("config", at::show_config());
  result.Set("cpuCapability", at::get_cpu_capability());
  result.Set("parallel", at::get_parallel_info());
  result.Set("malloc", mallocTuning());
  return result;
}

Napi::Value getNumThreads(Environment&, const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), at::get_num_threads());
}

Napi::Value setNumThreads(Environment& environment, const Napi::CallbackInfo& info) {
  const int64_t threads = intFrom(environment, info[0], "threads");
  if (threads < 1 || threads > 1024) {
    throw Error(ErrorKind::kArgument,
                "the number of threads must lie in 1..1024, is " + std::to_string(threads));
  }
  at::set_num_threads(static_cast<int>(threads));
  return info.Env().Undefined();
}

Napi::Value manualSeed(Environment& environment, const Napi::CallbackInfo& info) {
  at::manual_seed(static_cast<uint64_t>(intFrom(environment, info[0], "seed")));
  return info.Env().Undefined();
}

Napi::Value hasCuda(Environment&, const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), at::hasCUDA());
}

Napi::Value memory(Environment& environment, const Napi::CallbackInfo& info) {
  Napi::Object result = Napi::Object::New(info.Env());
  for (const DeviceCounts::Count& count : environment.handles.counts().all()) {
    const DeviceMemory memory = deviceMemory(count.device);
    Napi::Object figures = Napi::Object::New(info.Env());
    const auto set = [&](const char* name, int64_t value) {
      figures.Set(name, Napi::Number::New(info.Env(), static_cast<double>(value)));
    };
    set("tensors", count.tensors);
    set("peak_tensors", count.peakTensors);
    set("storages", count.storages);
    set("bytes", memory.bytes);
    set("peak_bytes", memory.peakBytes);
    set("allocations", memory.allocations);
    result.Set(count.device.str(), figures);
  }
  return result;
}

Napi::Value resetPeakMemory(Environment& environment, const Napi::CallbackInfo& info) {
  environment.handles.counts().resetPeaks();
  for (const DeviceCounts::Count& count : environment.handles.counts().all())
    resetPeakDeviceMemory(count.device);
  return info.Env().Undefined();
}

Napi::Value setErrorFactory(Environment& environment, const Napi::CallbackInfo& info) {
  environment.errorFactory = Napi::Persistent(info[0].As<Napi::Function>());
  return info.Env().Undefined();
}

// The process is about to end. Node runs no cleanup hook of the main thread then, and the executor must not
// be inside LibTorch while exit() destroys LibTorch's statics.
Napi::Value shutDown(Environment& environment, const Napi::CallbackInfo& info) {
  environment.thread->close();
  return info.Env().Undefined();
}

}  // namespace

void registerRuntime(Environment&, Napi::Object& exports) {
  define<info_>(exports, "runtimeInfo");
  define<getNumThreads>(exports, "getNumThreads");
  define<setNumThreads>(exports, "setNumThreads");
  define<manualSeed>(exports, "manualSeed");
  define<hasCuda>(exports, "hasCuda");
  define<memory>(exports, "memory");
  define<resetPeakMemory>(exports, "resetPeakMemory");
  define<shutDown>(exports, "shutDown");
  define<setErrorFactory>(exports, "setErrorFactory");
}

}  // namespace robertorch
