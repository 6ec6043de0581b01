// Tensors as JavaScript objects.
//
// Ownership. A JS `Tensor` wraps a `Handle`, which holds one reference to LibTorch's TensorImpl. A TensorImpl
// has at most one handle per environment, so that `parameter.grad === parameter.grad` as in Python.
//
// Release. Node runs finalizers only when the event loop turns, so a synchronous training loop would never
// release anything. Here every handle keeps a weak reference to its object, and whoever creates handles
// sweeps those whose object is gone as soon as a canary shows that the collector ran. `dispose()` and scopes
// release at once; finalizers do when the loop turns.
//
// Accounting. V8 collects when it believes that memory is scarce, so each storage's bytes are reported once,
// and with them what autograd keeps alive behind a result.
#pragma once

#include <c10/util/flat_hash_map.h>
#include <napi.h>

#include "bindings/device_counts.h"
#include "core/torch.h"

namespace robertorch {

struct Handle {
  at::Tensor tensor;  // undefined once disposed
  napi_ref weak = nullptr;
  c10::StorageImpl* storage = nullptr;  // the one this handle is counted under; compared, never dereferenced
  int64_t graphBytes = 0;
  uint64_t serial = 0;  // 0: free
  size_t device = 0;    // where DeviceCounts counts it

  bool disposed() const { return !tensor.defined(); }
};

/**
 * Where handles live. A pointer that JS hands back may come from another addon, so `owns` tells without
 * touching it; and handles made one after the other lie side by side, which a sweep of thousands feels.
 */
class HandlePool {
 public:
  HandlePool() = default;
  ~HandlePool();
  HandlePool(const HandlePool&) = delete;
  HandlePool& operator=(const HandlePool&) = delete;

  Handle* make();
  void release(Handle* handle);
  bool owns(const void* pointer) const;

 private:
  static constexpr size_t kSlabBytes = 1 << 16;

  std::vector<Handle*> free_;
  ska::flat_hash_set<uintptr_t> slabs_;
};

class HandleTable {
 public:
  explicit HandleTable(napi_env env) : env_(env) {}

  /** The JS class of all tensors: a plain one, since a native constructor would cost a second call into C++.
   */
  void setClass(napi_value constructor);

  /** The JS object of a tensor, null for an undefined one. `graphBytes`: what autograd keeps for it. */
  napi_value wrap(const at::Tensor& tensor, int64_t graphBytes = 0);

  /** The handle behind a value, or null when the value is no tensor of ours. Disposed handles are returned
   * too. */
  Handle* find(napi_value value) const;

  /** The tensor behind a value. Throws ArgumentError naming `what`, or DisposedError. */
  const at::Tensor& tensor(napi_value value, const char* what) const;
  /** The tensor of a handle. Throws DisposedError naming `what`. */
  static const at::Tensor& tensor(const Handle& handle, const char* what);

  void dispose(Handle& handle);

  /**
   * Everything wrapped after `enterScope` is disposed by `exitScope` with the depth that it returned, but for
   * the tensors in `keep`. Scopes inside that are still open end with it.
   */
  size_t enterScope() { return scopes_.emplace_back(), scopes_.size(); }
  void exitScope(const std::vector<Handle*>& keep, size_t depth);

  /** Releases handles whose object was collected: those made since the last sweep, or all. */
  void sweep(bool all = true);
  struct Live {
    napi_value object;
    int64_t bytes;  // of its storage, counted for the tensor that was made first over it
  };
  /** The tensors whose objects are alive, oldest first. */
  std::vector<Live> live();
  /** Releases everything: the environment is going down. */
  void close();

  DeviceCounts& counts() { return counts_; }
  /** Whether there ever was a tensor without a storage (mkldnn, sparse): such are checked more closely. */
  bool sawOpaque() const { return sawOpaque_; }

 private:
  // Neighbours in memory, as tensors made one after the other are, stay neighbours in the table; a hash that
  // scatters them costs two cache misses a tensor. No two of them lie in the same 64 bytes.
  struct AddressHash {
    using hash_policy = ska::power_of_two_hash_policy;
    size_t operator()(const void* address) const { return reinterpret_cast<uintptr_t>(address) >> 6; }
  };
  struct StorageCount {
    int64_t handles = 0;
    int64_t bytes = 0;
    size_t device = 0;
  };
  // A handle as it was: its place may have been given to another since.
  struct Made {
    Handle* handle;
    uint64_t serial;

    bool gone() const { return handle->serial != serial; }
  };

  static void finalize(napi_env env, void* data, void* table);

  void exitInnermost(const std::vector<Handle*>& keep);
  void countIn(Handle& handle);
  void countOut(Handle& handle);
  void remove(Handle* handle);
  void sweep(std::vector<Made>& handles, std::vector<Made>& survivors);
  void report(int64_t bytes);
  void sweepIfCollected();
  /** Whether the collector ran since the last call that returned true. */
  bool collectorRan();

  napi_env env_;
  napi_ref constructor_ = nullptr;
  napi_ref canary_ = nullptr;  // weakly to an object that nothing else holds
  HandlePool pool_;
  std::vector<Made> young_, old_;  // in order of creation; old ones survived a sweep
  size_t sweepOldAbove_ = 4096;
  ska::flat_hash_map<c10::TensorImpl*, Handle*, AddressHash> byTensor_;
  ska::flat_hash_map<c10::StorageImpl*, StorageCount, AddressHash> storages_;
  DeviceCounts counts_;
  bool sawOpaque_ = false;
  std::vector<std::vector<Made>> scopes_;
  uint64_t nextSerial_ = 1;
  int64_t unreported_ = 0;
  int64_t bytesSinceSweep_ = 0;
  int64_t bytesSinceLook_ = 0;
  int madeSinceLook_ = 0;
};

}  // namespace robertorch
