#include "bindings/js_memory.h"

#include <ATen/EmptyTensor.h>
#include <ATen/ops/empty.h>
#include <c10/core/CPUAllocator.h>

#include "bindings/data.h"
#include "core/runtime/errors.h"

namespace robertorch {
namespace {

/** Keeps a JS object alive from any thread. */
struct JsOwner {
  std::shared_ptr<JsThread> thread;
  napi_ref reference = nullptr;
};

void releaseJsOwner(void* context) {
  auto* owner = static_cast<JsOwner*>(context);
  owner->thread->release(owner->reference);
  delete owner;
}

}  // namespace

at::Tensor tensorOverView(Environment& environment, const Napi::Value& view, int64_t elements,
                          at::ScalarType dtype) {
  const Bytes bytes = bytesOf(view);
  const size_t needed = static_cast<size_t>(elements) * c10::elementSize(dtype);
  if (needed > bytes.size) throw Error(ErrorKind::kShape, "the buffer is shorter than the tensor");
  if (elements == 0) return at::empty({0}, dtype);
  if (reinterpret_cast<uintptr_t>(bytes.data) % c10::elementSize(dtype) != 0) {
    throw Error(ErrorKind::kArgument,
                "the offset is no multiple of the " + std::to_string(c10::elementSize(dtype)) +
                    " bytes of an element",
                "copy the bytes to a buffer of their own");
  }
  auto owner = std::make_unique<JsOwner>(environment.thread);
  if (napi_create_reference(environment.env, view, 1, &owner->reference) != napi_ok) {
    throw Error(ErrorKind::kTorch, "the buffer could not be kept alive");
  }
  void* data = const_cast<void*>(bytes.data);
  c10::Storage storage(c10::Storage::use_byte_size_t(), needed,
                       c10::DataPtr(data, owner.release(), &releaseJsOwner, at::kCPU), nullptr, false);
  at::Tensor tensor = at::detail::make_tensor<c10::TensorImpl>(
      std::move(storage), c10::DispatchKeySet(c10::DispatchKey::CPU), c10::scalarTypeToTypeMeta(dtype));
  tensor.unsafeGetTensorImpl()->set_sizes_contiguous({elements});
  return tensor;
}

bool ownedByJs(const c10::Storage& storage) { return storage.data_ptr().get_deleter() == &releaseJsOwner; }

Napi::Value arrayBufferOver(Environment& environment, const at::Tensor& tensor) {
  if (!tensor.device().is_cpu())
    throw Error(ErrorKind::kDevice, "only memory of the CPU can be shared with JavaScript",
                "use tensor.cpu() first");
  if (!tensor.is_contiguous() || tensor.is_conj() || tensor.is_neg()) {
    throw Error(ErrorKind::kArgument, "the tensor's elements do not lie in row-major order",
                "use tensor.contiguous(), or toTypedArray() for a copy");
  }
  if (tensor.nbytes() == 0) return Napi::ArrayBuffer::New(environment.env, 0);
  // Growing would give the storage other memory, and leave JavaScript with what was freed.
  tensor.storage().unsafeGetStorageImpl()->set_resizable(false);
  using Keep = std::shared_ptr<c10::Storage>;
  const Keep storage = std::make_shared<c10::Storage>(tensor.storage());
  auto* keep = new Keep(storage);
  napi_value buffer = nullptr;
  const napi_status status = napi_create_external_arraybuffer(
      environment.env, tensor.mutable_data_ptr(), tensor.nbytes(),
      [](napi_env, void*, void* hint) { delete static_cast<Keep*>(hint); }, keep, &buffer);
  if (status == napi_ok) return {environment.env, buffer};
  // Node has called the finalizer already when the memory is longer than a Buffer may be, and left an
  // exception.
  if (storage.use_count() > 1) delete keep;
  napi_value pending = nullptr;
  napi_get_and_clear_last_exception(environment.env, &pending);
  throw Error(ErrorKind::kTorch,
              "this JavaScript engine takes no " + std::to_string(tensor.nbytes()) + " bytes from outside",
              "use toTypedArray(), which copies, on parts of the tensor");
}

}  // namespace robertorch
