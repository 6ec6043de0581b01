// Safetensors files, read and written off the event loop.
#include "bindings/safetensors.h"

#include "bindings/convert.h"
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

// (path, [[name, tensor], …], metadata)
Napi::Value save(Environment& environment, const Napi::CallbackInfo& info) {
  NamedTensors tensors;
  const Napi::Array pairs = info[1].As<Napi::Array>();
  for (uint32_t i = 0; i < pairs.Length(); ++i) {
    const Napi::Array pair = pairs.Get(i).As<Napi::Array>();
    const std::string name = stringFrom(pair.Get(uint32_t{0}), "a tensor's name");
    tensors.emplace_back(name, environment.handles.tensor(pair.Get(uint32_t{1}), name.c_str()));
  }
  return environment.async.run(
      [path = stringFrom(info[0], "path"), tensors = std::move(tensors), metadata = metadataFrom(info[2])] {
        saveSafetensors(path, tensors, metadata);
        return true;
      },
      [](Environment& env, bool) { return Napi::Env(env.env).Undefined(); });
}

}  // namespace

void registerSafetensors(Environment&, Napi::Object& exports) {
  define<load>(exports, "loadSafetensors");
  define<save>(exports, "saveSafetensors");
}

}  // namespace robertorch
