// Files in memory without reading them, and storages over parts of them.
#include "bindings/mapped.h"

#include "bindings/convert.h"
#include "core/io/mapped_file.h"
#include "core/io/mapped_tensor.h"

namespace robertorch {
namespace {

// (path): uint8 (bytes)
Napi::Value map(Environment& environment, const Napi::CallbackInfo& info) {
  return environment.async.run([path = stringFrom(info[0], "path")] { return mapFile(path); },
                               [](Environment& env, const at::Tensor& bytes) {
                                 return Napi::Value(env.env, env.handles.wrap(bytes));
                               });
}

// (tensor, begin, length)
Napi::Value storage(Environment& environment, const Napi::CallbackInfo& info) {
  const at::Tensor& tensor = environment.handles.tensor(info[0], "the tensor");
  const int64_t begin = intFrom(environment, info[1], "begin");
  const int64_t length = intFrom(environment, info[2], "length");
  return {info.Env(), environment.handles.wrap(storageOver(tensor, begin, length))};
}

// (tensor)
Napi::Value whole(Environment& environment, const Napi::CallbackInfo& info) {
  return {info.Env(),
          environment.handles.wrap(wholeStorage(environment.handles.tensor(info[0], "the tensor")))};
}

// (tensor): whether its memory is a file's
Napi::Value forget(Environment& environment, const Napi::CallbackInfo& info) {
  const at::Tensor& tensor = environment.handles.tensor(info[0], "the tensor");
  const bool mapped = tensor.device().is_cpu() && tensor.is_non_overlapping_and_dense() &&
                      MappedFile::forget(tensor.const_data_ptr(), tensor.nbytes());
  return Napi::Boolean::New(info.Env(), mapped);
}

}  // namespace

void registerMapped(Environment&, Napi::Object& exports) {
  define<map>(exports, "mapFile");
  define<storage>(exports, "storageOver");
  define<whole>(exports, "wholeStorage");
  define<forget>(exports, "forgetPages");
}

}  // namespace robertorch
