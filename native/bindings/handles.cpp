#include "bindings/handles.h"

#include <algorithm>

#include "core/runtime/errors.h"

namespace robertorch {
namespace {

// What a tensor costs beside its data: TensorImpl, storage, handle, the JS object's native part.
constexpr int64_t kHandleBytes = 512;
// V8 is told in steps: the call costs more than the arithmetic.
constexpr int64_t kReportStep = 1 << 20;
// A sweep visits every handle, so the distance to the next grows with their number and bytes.
constexpr int64_t kSweepHandles = 4096;
constexpr int64_t kSweepBytes = 64 << 20;

void check(napi_status status) {
  if (status != napi_ok) throw Error(ErrorKind::kTorch, "Node-API call failed with status " + std::to_string(status));
}

}  // namespace

napi_value HandleTable::defineClass() {
  napi_value constructor;
  check(napi_define_class(env_, "Tensor", NAPI_AUTO_LENGTH, &construct, this, 0, nullptr, &constructor));
  check(napi_create_reference(env_, constructor, 1, &constructor_));
  return constructor;
}

napi_value HandleTable::construct(napi_env env, napi_callback_info info) {
  napi_value self;
  void* data;
  size_t count = 0;
  if (napi_get_cb_info(env, info, &count, nullptr, &self, &data) != napi_ok) return nullptr;
  auto* table = static_cast<HandleTable*>(data);
  Handle* handle = std::exchange(table->underConstruction_, nullptr);
  if (handle == nullptr) {
    napi_throw_type_error(env, "ERR_ARGUMENT", "Tensor has no public constructor: use torch.tensor(...)");
    return nullptr;
  }
  if (napi_wrap(env, self, handle, &finalize, table, &handle->weak) != napi_ok) return nullptr;
  return self;
}

void HandleTable::finalize(napi_env, void* data, void* table) {
  // Only reached when no sweep came first: a sweep deletes the reference and with it this call.
  static_cast<HandleTable*>(table)->remove(static_cast<Handle*>(data));
}

napi_value HandleTable::wrap(const at::Tensor& tensor, int64_t graphBytes) {
  napi_value object = nullptr;
  if (!tensor.defined()) {
    check(napi_get_null(env_, &object));
    return object;
  }
  if (const auto known = byTensor_.find(tensor.unsafeGetTensorImpl()); known != byTensor_.end()) {
    check(napi_get_reference_value(env_, known->second->weak, &object));
    if (object != nullptr) return object;
    remove(known->second);
  }
  if (createdSinceSweep_ >= std::max<int64_t>(kSweepHandles, handles_.size()) ||
      bytesSinceSweep_ >= std::max(kSweepBytes, bytes_ / 2)) {
    sweep();
  }
  auto handle = std::make_unique<Handle>();
  handle->tensor = tensor;
  handle->graphBytes = graphBytes;
  handle->serial = nextSerial_++;
  napi_value constructor;
  check(napi_get_reference_value(env_, constructor_, &constructor));
  underConstruction_ = handle.get();
  const napi_status status = napi_new_instance(env_, constructor, 0, nullptr, &object);
  underConstruction_ = nullptr;
  check(status);
  countIn(*handle);
  if (!scopes_.empty()) scopes_.back().push_back({handle.get(), handle->serial});
  handles_.insert(handle.release());
  return object;
}

Handle* HandleTable::find(napi_value value) const {
  void* data = nullptr;
  if (napi_unwrap(env_, value, &data) != napi_ok) return nullptr;
  // The object may belong to another addon: only pointers that we made are looked at.
  const auto found = handles_.find(static_cast<Handle*>(data));
  return found == handles_.end() ? nullptr : *found;
}

const at::Tensor& HandleTable::tensor(napi_value value, const char* what) const {
  const Handle* handle = find(value);
  if (handle == nullptr) throw Error(ErrorKind::kArgument, std::string(what) + " must be a Tensor");
  if (handle->disposed()) {
    throw Error(ErrorKind::kDisposed, std::string(what) + " was used after dispose()",
                "keep it out of torch.scope, or return it from the scope");
  }
  return handle->tensor;
}

void HandleTable::dispose(Handle& handle) {
  if (handle.disposed()) return;
  countOut(handle);
  handle.tensor.reset();
}

void HandleTable::exitScope(const std::vector<Handle*>& keep) {
  if (scopes_.empty()) return;
  std::vector<ScopeEntry> made = std::move(scopes_.back());
  scopes_.pop_back();
  for (const ScopeEntry& entry : made) {
    const auto found = handles_.find(entry.handle);
    if (found == handles_.end() || (*found)->serial != entry.serial) continue;
    if (std::find(keep.begin(), keep.end(), *found) == keep.end()) {
      dispose(**found);
    } else if (!scopes_.empty()) {
      scopes_.back().push_back(entry);  // now the outer scope's
    }
  }
}

void HandleTable::sweep() {
  createdSinceSweep_ = 0;
  bytesSinceSweep_ = 0;
  std::vector<Handle*> dead;
  napi_handle_scope scope;
  check(napi_open_handle_scope(env_, &scope));
  for (Handle* handle : handles_) {
    napi_value object = nullptr;
    if (napi_get_reference_value(env_, handle->weak, &object) == napi_ok && object == nullptr) dead.push_back(handle);
  }
  napi_close_handle_scope(env_, scope);
  for (Handle* handle : dead) remove(handle);
}

void HandleTable::close() {
  scopes_.clear();
  for (Handle* handle : std::vector<Handle*>(handles_.begin(), handles_.end())) remove(handle);
  if (constructor_ != nullptr) napi_delete_reference(env_, std::exchange(constructor_, nullptr));
}

void HandleTable::countIn(Handle& handle) {
  byTensor_[handle.tensor.unsafeGetTensorImpl()] = &handle;
  int64_t bytes = kHandleBytes + handle.graphBytes;
  if (handle.tensor.has_storage()) {
    handle.storage = handle.tensor.storage().unsafeGetStorageImpl();
    StorageCount& count = storages_[handle.storage];
    if (count.handles++ == 0) {
      count.bytes = static_cast<int64_t>(handle.tensor.storage().nbytes());
      bytes += count.bytes;
    }
  }
  ++createdSinceSweep_;
  bytesSinceSweep_ += bytes;
  report(bytes);
}

void HandleTable::countOut(Handle& handle) {
  byTensor_.erase(handle.tensor.unsafeGetTensorImpl());
  int64_t bytes = kHandleBytes + handle.graphBytes;
  if (handle.storage != nullptr) {
    const auto count = storages_.find(handle.storage);
    if (--count->second.handles == 0) {
      bytes += count->second.bytes;
      storages_.erase(count);
    }
    handle.storage = nullptr;
  }
  report(-bytes);
}

void HandleTable::remove(Handle* handle) {
  if (!handle->disposed()) dispose(*handle);
  handles_.erase(handle);
  napi_delete_reference(env_, handle->weak);
  delete handle;
}

void HandleTable::report(int64_t bytes) {
  bytes_ += bytes;
  unreported_ += bytes;
  if (unreported_ < kReportStep && unreported_ > -kReportStep) return;
  int64_t total;
  napi_adjust_external_memory(env_, std::exchange(unreported_, 0), &total);
}

}  // namespace robertorch
