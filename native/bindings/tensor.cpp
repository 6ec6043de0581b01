// What a tensor is: shape, dtype, device, layout in memory, lifetime. No operator of its own stands behind
// these.
#include "bindings/tensor.h"

#include "bindings/convert.h"
#include "core/runtime/errors.h"

namespace robertorch {
namespace {

const at::Tensor& self(Environment& environment, const Napi::CallbackInfo& info) {
  return environment.handles.tensor(info[0], "the tensor");
}

Napi::Array toArray(Napi::Env env, at::IntArrayRef values) {
  Napi::Array array = Napi::Array::New(env, values.size());
  for (size_t i = 0; i < values.size(); ++i)
    array.Set(static_cast<uint32_t>(i), Napi::Value(env, intToJs(env, values[i])));
  return array;
}

Napi::Value setTensorClass(Environment& environment, const Napi::CallbackInfo& info) {
  environment.handles.setClass(info[0]);
  return info.Env().Undefined();
}

Napi::Value shape(Environment& environment, const Napi::CallbackInfo& info) {
  return toArray(info.Env(), self(environment, info).sizes());
}

Napi::Value strides(Environment& environment, const Napi::CallbackInfo& info) {
  return toArray(info.Env(), self(environment, info).strides());
}

Napi::Value dtypeCode(Environment& environment, const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<int>(self(environment, info).scalar_type()));
}

Napi::Value deviceName(Environment& environment, const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), self(environment, info).device().str());
}

Napi::Value layout(Environment& environment, const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), layoutName(self(environment, info).layout()));
}

Napi::Value storageOffset(Environment& environment, const Napi::CallbackInfo& info) {
  return {info.Env(), intToJs(info.Env(), self(environment, info).storage_offset())};
}

// A number that is equal for views of the same storage; never an address that could be read.
Napi::Value storageId(Environment& environment, const Napi::CallbackInfo& info) {
  const void* storage = self(environment, info).storage().unsafeGetStorageImpl();
  return Napi::BigInt::New(info.Env(), static_cast<uint64_t>(reinterpret_cast<uintptr_t>(storage) >> 4));
}

Napi::Value dataPointer(Environment& environment, const Napi::CallbackInfo& info) {
  const void* data = self(environment, info).const_data_ptr();
  return {info.Env(), intToJs(info.Env(), static_cast<int64_t>(reinterpret_cast<intptr_t>(data)))};
}

Napi::Value isTensor(Environment& environment, const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), environment.handles.find(info[0]) != nullptr);
}

Napi::Value isDisposed(Environment& environment, const Napi::CallbackInfo& info) {
  const Handle* handle = environment.handles.find(info[0]);
  if (handle == nullptr) throw Error(ErrorKind::kArgument, "the value is no Tensor");
  return Napi::Boolean::New(info.Env(), handle->disposed());
}

Napi::Value dispose(Environment& environment, const Napi::CallbackInfo& info) {
  Handle* handle = environment.handles.find(info[0]);
  if (handle == nullptr) throw Error(ErrorKind::kArgument, "the value is no Tensor");
  environment.handles.dispose(*handle);
  return info.Env().Undefined();
}

Napi::Value enterScope(Environment& environment, const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(environment.handles.enterScope()));
}

Napi::Value exitScope(Environment& environment, const Napi::CallbackInfo& info) {
  std::vector<Handle*> keep;
  const Napi::Array values = info[0].As<Napi::Array>();
  for (uint32_t i = 0; i < values.Length(); ++i) {
    if (Handle* handle = environment.handles.find(values.Get(i))) keep.push_back(handle);
  }
  environment.handles.exitScope(keep, static_cast<size_t>(intFrom(environment, info[1], "depth")));
  return info.Env().Undefined();
}

Napi::Value sweep(Environment& environment, const Napi::CallbackInfo& info) {
  environment.handles.sweep();
  return info.Env().Undefined();
}

// [[tensor, bytes], …]: the storage's bytes stand with the tensor that was made first over it.
Napi::Value liveTensors(Environment& environment, const Napi::CallbackInfo& info) {
  Napi::Array result = Napi::Array::New(info.Env());
  for (const HandleTable::Live& live : environment.handles.live()) {
    Napi::Array pair = Napi::Array::New(info.Env(), 2);
    pair.Set(uint32_t{0}, Napi::Value(info.Env(), live.object));
    pair.Set(uint32_t{1}, static_cast<double>(live.bytes));
    result.Set(result.Length(), pair);
  }
  return result;
}

}  // namespace

void registerTensor(Environment&, Napi::Object& exports) {
  define<setTensorClass>(exports, "setTensorClass");
  define<shape>(exports, "shape");
  define<strides>(exports, "strides");
  define<dtypeCode>(exports, "dtypeCode");
  define<deviceName>(exports, "deviceName");
  define<layout>(exports, "layout");
  define<storageOffset>(exports, "storageOffset");
  define<storageId>(exports, "storageId");
  define<dataPointer>(exports, "dataPointer");
  define<isTensor>(exports, "isTensor");
  define<isDisposed>(exports, "isDisposed");
  define<dispose>(exports, "dispose");
  define<enterScope>(exports, "enterScope");
  define<exitScope>(exports, "exitScope");
  define<sweep>(exports, "sweep");
  define<liveTensors>(exports, "liveTensors");
}

}  // namespace robertorch
