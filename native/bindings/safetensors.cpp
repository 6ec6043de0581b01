// Safetensors: files read and written off the event loop, bytes in memory at once.
#include "bindings/safetensors.h"

#include <ATen/ops/empty.h>

#include <cstring>

#include "bindings/convert.h"
#include "bindings/data.h"
#include "bindings/js_memory.h"
#include "core/io/safetensors.h"
#include "core/runtime/errors.h"

namespace robertorch {
namespace {

std::map<std::string, std::string> metadataFrom(const Napi::Value& value) {
  std::map<std::string, std::string> metadata;
  const Napi::Object object = value.As<Napi::Object>();
  const Napi::Array keys = object.GetPropertyNames();
  for (uint32_t i = 0; i < keys.Length(); ++i) {
    const std::string key = keys.Get(i).ToString().Utf8Value();
    metadata[key] = stringFrom(object.Get(key), ("metadata '" + key + "'").c_str());
  }
  return metadata;
}

Napi::Value fileToJs(Environment& environment, const SafetensorsFile& file) {
  const Napi::Env env(environment.env);
  Napi::Array tensors = Napi::Array::New(env, file.tensors.size());
  for (size_t i = 0; i < file.tensors.size(); ++i) {
    Napi::Array pair = Napi::Array::New(env, 2);
    pair.Set(uint32_t{0}, file.tensors[i].first);
    pair.Set(uint32_t{1}, Napi::Value(env, environment.handles.wrap(file.tensors[i].second)));
    tensors.Set(static_cast<uint32_t>(i), pair);
  }
  Napi::Object metadata = Napi::Object::New(env);
  for (const auto& [key, value] : file.metadata) metadata.Set(key, value);
  Napi::Object result = Napi::Object::New(env);
  result.Set("tensors", tensors);
  result.Set("metadata", metadata);
  return result;
}

Napi::Value load(Environment& environment, const Napi::CallbackInfo& info) {
  return environment.async.run([path = stringFrom(info[0], "path")] { return loadSafetensors(path); },
                               [](Environment& env, SafetensorsFile file) { return fileToJs(env, file); });
}

Napi::Value parse(Environment& environment, const Napi::CallbackInfo& info) {
  const Bytes bytes = bytesOf(info[0]);
  return fileToJs(environment,
                  loadSafetensors({static_cast<const std::byte*>(bytes.data), bytes.size}, "the bytes"));
}

NamedTensors namedTensorsFrom(Environment& environment, const Napi::Value& value) {
  NamedTensors tensors;
  const Napi::Array pairs = value.As<Napi::Array>();
  for (uint32_t i = 0; i < pairs.Length(); ++i) {
    const Napi::Array pair = pairs.Get(i).As<Napi::Array>();
    const std::string name = stringFrom(pair.Get(uint32_t{0}), "a tensor's name");
    tensors.emplace_back(name, environment.handles.tensor(pair.Get(uint32_t{1}), name.c_str()));
  }
  return tensors;
}

// (path, [[name, tensor], …], metadata)
Napi::Value save(Environment& environment, const Napi::CallbackInfo& info) {
  const NamedTensors tensors = namedTensorsFrom(environment, info[1]);
  std::vector<at::Tensor> used;
  for (const auto& [name, tensor] : tensors) used.push_back(tensor);
  return environment.async.run(
      [path = stringFrom(info[0], "path"), tensors, metadata = metadataFrom(info[2])] {
        saveSafetensors(path, tensors, metadata);
        return true;
      },
      [](Environment& env, bool) { return Napi::Env(env.env).Undefined(); },
      environment.inUse.pin(std::move(used)));
}

// ([[name, tensor], …], metadata): an ArrayBuffer. Its memory comes from the tensors' allocator, which can
// refuse; V8's would end the process.
Napi::Value serialize(Environment& environment, const Napi::CallbackInfo& info) {
  const NamedTensors tensors = namedTensorsFrom(environment, info[0]);
  const SafetensorsLayout layout = layOutSafetensors(tensors, metadataFrom(info[1]));
  const at::Tensor result = at::empty({static_cast<int64_t>(layout.bytes)}, at::kByte);
  auto* end = static_cast<std::byte*>(result.mutable_data_ptr());
  writeSafetensors(layout, [&](const void* data, size_t bytes) {
    if (bytes > 0) std::memcpy(end, data, bytes);
    end += bytes;
  });
  return arrayBufferOver(environment, result);
}

}  // namespace

void registerSafetensors(Environment&, Napi::Object& exports) {
  define<load>(exports, "loadSafetensors");
  define<save>(exports, "saveSafetensors");
  define<parse>(exports, "parseSafetensors");
  define<serialize>(exports, "serializeSafetensors");
}

}  // namespace robertorch
