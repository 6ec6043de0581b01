// Numbers between JS memory and tensors.
#include "bindings/data.h"

#include <ATen/ops/empty.h>

#include <cstring>

#include "bindings/convert.h"
#include "bindings/js_memory.h"
#include "core/runtime/errors.h"

namespace robertorch {

Bytes bytesOf(const Napi::Value& value) {
  // Through the views, not their buffers: Node-API does not take a SharedArrayBuffer for a buffer.
  Bytes bytes{};
  void* data = nullptr;
  if (value.IsTypedArray()) {
    bytes.size = value.As<Napi::TypedArray>().ByteLength();
    napi_get_typedarray_info(value.Env(), value, nullptr, nullptr, &data, nullptr, nullptr);
  } else if (value.IsDataView()) {
    napi_get_dataview_info(value.Env(), value, &bytes.size, &data, nullptr, nullptr);
  } else if (value.IsArrayBuffer()) {
    napi_get_arraybuffer_info(value.Env(), value, &data, &bytes.size);
  } else {
    throw Error(ErrorKind::kArgument, "data must be a typed array, a DataView or an ArrayBuffer");
  }
  bytes.data = data;
  return bytes;
}

namespace {

size_t checkedBytes(const std::vector<int64_t>& shape, at::ScalarType dtype) {
  size_t bytes = c10::elementSize(dtype);
  for (const int64_t size : shape) {
    if (size < 0)
      throw Error(ErrorKind::kShape, "a shape must not hold the negative size " + std::to_string(size));
    if (__builtin_mul_overflow(bytes, static_cast<size_t>(size), &bytes)) {
      throw Error(ErrorKind::kShape, "the size of the shape overflows 64 bits");
    }
  }
  return bytes;
}

// (data, shape, dtype): copies, so that the tensor never depends on memory that JS may move, detach or
// resize.
Napi::Value fromBytes(Environment& environment, const Napi::CallbackInfo& info) {
  const Bytes bytes = bytesOf(info[0]);
  const std::vector<int64_t> shape = intsFrom(environment, info[1], "shape");
  const at::ScalarType dtype = requireDtype(environment, info[2], "dtype");
  const size_t needed = checkedBytes(shape, dtype);
  if (needed != bytes.size) {
    throw Error(ErrorKind::kShape, "the shape needs " + std::to_string(needed / c10::elementSize(dtype)) +
                                       " elements, the data holds " +
                                       std::to_string(bytes.size / c10::elementSize(dtype)));
  }
  at::Tensor tensor = at::empty(shape, dtype);
  if (needed > 0) std::memcpy(tensor.mutable_data_ptr(), bytes.data, needed);
  return {info.Env(), environment.handles.wrap(tensor)};
}

// The elements in row-major order as an ArrayBuffer of their own.
Napi::Value toBytes(Environment& environment, const Napi::CallbackInfo& info) {
  const at::Tensor tensor = environment.handles.tensor(info[0], "the tensor")
                                .detach()
                                .to(at::kCPU)
                                .resolve_conj()
                                .resolve_neg()
                                .contiguous();
  Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(info.Env(), tensor.nbytes());
  if (tensor.nbytes() > 0) std::memcpy(buffer.Data(), tensor.const_data_ptr(), tensor.nbytes());
  return buffer;
}

// (view, elements, dtype): shares the view's memory.
Napi::Value fromView(Environment& environment, const Napi::CallbackInfo& info) {
  const int64_t elements = intFrom(environment, info[1], "count");
  const at::ScalarType dtype = requireDtype(environment, info[2], "dtype");
  return {info.Env(), environment.handles.wrap(tensorOverView(environment, info[0], elements, dtype))};
}

// The tensor's own memory as an ArrayBuffer.
Napi::Value memoryOf(Environment& environment, const Napi::CallbackInfo& info) {
  return arrayBufferOver(environment, environment.handles.tensor(info[0], "the tensor"));
}

// One element as a JS number, bigint (int64 beyond 2^53) or boolean.
Napi::Value item(Environment& environment, const Napi::CallbackInfo& info) {
  const at::Tensor& tensor = environment.handles.tensor(info[0], "the tensor");
  if (tensor.numel() != 1) {
    throw Error(ErrorKind::kShape,
                "item() needs a tensor of one element, this one has " + std::to_string(tensor.numel()),
                "use tolist() for several");
  }
  return {info.Env(), toJs(environment, c10::IValue(tensor.item()))};
}

}  // namespace

void registerData(Environment&, Napi::Object& exports) {
  define<fromBytes>(exports, "fromBytes");
  define<toBytes>(exports, "toBytes");
  define<fromView>(exports, "fromView");
  define<memoryOf>(exports, "memoryOf");
  define<item>(exports, "item");
}

}  // namespace robertorch
