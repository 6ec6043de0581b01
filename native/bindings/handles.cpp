#include "bindings/handles.h"

#include <algorithm>
#include <new>
#include <unordered_set>

#include "core/runtime/errors.h"

namespace robertorch {
namespace {

// What a tensor costs beside its data: TensorImpl, storage, handle, the JS object's native part.
constexpr int64_t kHandleBytes = 512;
// V8 is told in steps: the call costs more than the arithmetic.
constexpr int64_t kReportStep = 1 << 20;
// How much is made before the next look at whether the collector ran.
constexpr int kLookHandles = 256;
constexpr int64_t kLookBytes = 1 << 20;
// A sweep of the old handles visits every one, so the distance to the next grows with their number and bytes.
constexpr size_t kSweepHandles = 4096;
constexpr int64_t kSweepBytes = 16 << 20;

void check(napi_status status) {
  if (status != napi_ok)
    throw Error(ErrorKind::kTorch, "Node-API call failed with status " + std::to_string(status));
}

}  // namespace

HandlePool::~HandlePool() {
  for (const uintptr_t slab : slabs_)
    ::operator delete(reinterpret_cast<void*>(slab), std::align_val_t{kSlabBytes});
}

Handle* HandlePool::make() {
  if (free_.empty()) {
    void* slab = ::operator new(kSlabBytes, std::align_val_t{kSlabBytes});
    slabs_.insert(reinterpret_cast<uintptr_t>(slab));
    auto* handles = static_cast<Handle*>(slab);
    for (size_t i = kSlabBytes / sizeof(Handle); i-- > 0;) free_.push_back(new (handles + i) Handle());
  }
  Handle* handle = free_.back();
  free_.pop_back();
  return handle;
}

void HandlePool::release(Handle* handle) {
  *handle = Handle();
  free_.push_back(handle);
}

bool HandlePool::owns(const void* pointer) const {
  const auto address = reinterpret_cast<uintptr_t>(pointer);
  const uintptr_t slab = address & ~(kSlabBytes - 1);
  if (slabs_.find(slab) == slabs_.end()) return false;
  return (address - slab) % sizeof(Handle) == 0 && static_cast<const Handle*>(pointer)->serial != 0;
}

void HandleTable::setClass(napi_value constructor) {
  if (constructor_ != nullptr) check(napi_delete_reference(env_, std::exchange(constructor_, nullptr)));
  check(napi_create_reference(env_, constructor, 1, &constructor_));
}

void HandleTable::finalize(napi_env, void* data, void* table) {
  // Only reached when no sweep came first: a sweep deletes the reference and with it this call, so the first
  // call of many saves the others.
  auto* self = static_cast<HandleTable*>(table);
  self->remove(static_cast<Handle*>(data));
  self->sweepIfCollected();
}

napi_value HandleTable::wrap(const at::Tensor& tensor, int64_t graphBytes) {
  napi_value object = nullptr;
  if (!tensor.defined()) {
    check(napi_get_null(env_, &object));
    return object;
  }
  // What only the caller holds is new: a handle would hold it too.
  if (tensor.use_count() > 1) {
    if (const auto known = byTensor_.find(tensor.unsafeGetTensorImpl()); known != byTensor_.end()) {
      check(napi_get_reference_value(env_, known->second->weak, &object));
      if (object != nullptr) return object;
      remove(known->second);
    }
  }
  if (++madeSinceLook_ >= kLookHandles || bytesSinceLook_ >= kLookBytes) sweepIfCollected();
  napi_value constructor;
  check(napi_get_reference_value(env_, constructor_, &constructor));
  check(napi_new_instance(env_, constructor, 0, nullptr, &object));
  Handle* handle = pool_.make();
  const napi_status status = napi_wrap(env_, object, handle, &finalize, this, &handle->weak);
  if (status != napi_ok) {
    pool_.release(handle);
    check(status);
  }
  handle->tensor = tensor;
  handle->graphBytes = graphBytes;
  handle->serial = nextSerial_++;
  countIn(*handle);
  young_.push_back({handle, handle->serial});
  if (!scopes_.empty()) scopes_.back().push_back({handle, handle->serial});
  return object;
}

Handle* HandleTable::find(napi_value value) const {
  void* data = nullptr;
  if (napi_unwrap(env_, value, &data) != napi_ok) return nullptr;
  // The object may belong to another addon: only pointers that we made are looked at.
  return pool_.owns(data) ? static_cast<Handle*>(data) : nullptr;
}

const at::Tensor& HandleTable::tensor(napi_value value, const char* what) const {
  const Handle* handle = find(value);
  if (handle == nullptr) throw Error(ErrorKind::kArgument, std::string(what) + " must be a Tensor");
  return tensor(*handle, what);
}

const at::Tensor& HandleTable::tensor(const Handle& handle, const char* what) {
  if (handle.disposed()) {
    throw Error(ErrorKind::kDisposed, std::string(what) + " was used after dispose()",
                "keep it out of torch.scope, or return it from the scope");
  }
  return handle.tensor;
}

void HandleTable::dispose(Handle& handle) {
  if (handle.disposed()) return;
  countOut(handle);
  handle.tensor.reset();
}

void HandleTable::exitScope(const std::vector<Handle*>& keep, size_t depth) {
  while (scopes_.size() >= std::max<size_t>(depth, 1)) exitInnermost(keep);
}

void HandleTable::exitInnermost(const std::vector<Handle*>& keep) {
  const std::unordered_set<Handle*> kept(keep.begin(), keep.end());
  std::vector<Made> made = std::move(scopes_.back());
  scopes_.pop_back();
  for (const Made& entry : made) {
    if (entry.gone()) continue;
    if (!kept.contains(entry.handle)) {
      dispose(*entry.handle);
    } else if (!scopes_.empty()) {
      scopes_.back().push_back(entry);  // now the outer scope's
    }
  }
}

void HandleTable::sweepIfCollected() {
  if (collectorRan()) sweep(bytesSinceSweep_ >= kSweepBytes || old_.size() > sweepOldAbove_);
}

bool HandleTable::collectorRan() {
  madeSinceLook_ = 0;
  bytesSinceLook_ = 0;
  // A scope of its own: the collector runs when bytes are reported, often in this very call, and a local
  // handle to the canary would keep it alive through every collection.
  const Napi::HandleScope scope(env_);
  napi_value object = nullptr;
  if (canary_ != nullptr) {
    check(napi_get_reference_value(env_, canary_, &object));
    if (object != nullptr) return false;
    check(napi_delete_reference(env_, std::exchange(canary_, nullptr)));
  }
  check(napi_create_object(env_, &object));
  check(napi_create_reference(env_, object, 0, &canary_));
  return true;
}

void HandleTable::sweep(bool all) {
  napi_handle_scope scope;
  check(napi_open_handle_scope(env_, &scope));
  std::vector<Made> young = std::exchange(young_, {});
  // Large tensors are few: all are looked at. Small ones come in thousands, and what survived once mostly
  // lives on.
  if (all) {
    bytesSinceSweep_ = 0;
    std::vector<Made> old = std::exchange(old_, {});
    sweep(old, old_);
    sweepOldAbove_ = std::max<size_t>(kSweepHandles, old_.size() * 2);
  }
  sweep(young, old_);
  napi_close_handle_scope(env_, scope);
}

void HandleTable::sweep(std::vector<Made>& handles, std::vector<Made>& survivors) {
  // From the youngest to the oldest, so that malloc hands the memory out again in the order of addresses.
  const size_t before = survivors.size();
  for (auto made = handles.rbegin(); made != handles.rend(); ++made) {
    if (made->gone()) continue;
    napi_value object = nullptr;
    check(napi_get_reference_value(env_, made->handle->weak, &object));
    if (object == nullptr)
      remove(made->handle);
    else
      survivors.push_back(*made);
  }
  std::reverse(survivors.begin() + before, survivors.end());
}

std::vector<HandleTable::Live> HandleTable::live() {
  sweep();
  std::vector<Made> made = old_;
  made.insert(made.end(), young_.begin(), young_.end());
  std::sort(made.begin(), made.end(), [](const Made& a, const Made& b) { return a.serial < b.serial; });
  std::unordered_set<const c10::StorageImpl*> seen;
  std::vector<Live> live;
  for (const Made& entry : made) {
    if (entry.gone() || entry.handle->disposed()) continue;
    napi_value object = nullptr;
    check(napi_get_reference_value(env_, entry.handle->weak, &object));
    if (object == nullptr) continue;
    const c10::StorageImpl* storage = entry.handle->storage;
    const bool first = storage != nullptr && seen.insert(storage).second;
    live.push_back({object, first ? storages_.find(entry.handle->storage)->second.bytes : 0});
  }
  return live;
}

void HandleTable::close() {
  scopes_.clear();
  for (const std::vector<Made>& handles : {std::exchange(young_, {}), std::exchange(old_, {})}) {
    for (const Made& made : handles) {
      if (!made.gone()) remove(made.handle);
    }
  }
  if (canary_ != nullptr) napi_delete_reference(env_, std::exchange(canary_, nullptr));
  if (constructor_ != nullptr) napi_delete_reference(env_, std::exchange(constructor_, nullptr));
}

void HandleTable::countIn(Handle& handle) {
  byTensor_[handle.tensor.unsafeGetTensorImpl()] = &handle;
  handle.device = counts_.enter(handle.tensor.device());
  int64_t bytes = kHandleBytes + handle.graphBytes;
  if (handle.tensor.has_storage()) {
    handle.storage = handle.tensor.storage().unsafeGetStorageImpl();
    StorageCount& count = storages_[handle.storage];
    if (count.handles++ == 0) {
      count.bytes = static_cast<int64_t>(handle.tensor.storage().nbytes());
      bytes += count.bytes;
      count.device = handle.device;
      counts_.enterStorage(count.device);
    }
  } else {
    sawOpaque_ = true;
  }
  bytesSinceSweep_ += bytes;
  bytesSinceLook_ += bytes;
  report(bytes);
}

void HandleTable::countOut(Handle& handle) {
  byTensor_.erase(handle.tensor.unsafeGetTensorImpl());
  counts_.leave(handle.device);
  int64_t bytes = kHandleBytes + handle.graphBytes;
  if (handle.storage != nullptr) {
    const auto count = storages_.find(handle.storage);
    if (--count->second.handles == 0) {
      bytes += count->second.bytes;
      counts_.leaveStorage(count->second.device);
      storages_.erase(count);
    }
    handle.storage = nullptr;
  }
  report(-bytes);
}

void HandleTable::remove(Handle* handle) {
  if (!handle->disposed()) dispose(*handle);
  napi_delete_reference(env_, handle->weak);
  pool_.release(handle);
}

void HandleTable::report(int64_t bytes) {
  unreported_ += bytes;
  if (unreported_ < kReportStep && unreported_ > -kReportStep) return;
  int64_t total;
  napi_adjust_external_memory(env_, std::exchange(unreported_, 0), &total);
}

}  // namespace robertorch
