#include "core/runtime/memory.h"

#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>

#include <atomic>
#include <climits>
#include <cstdlib>
#include <cstring>

#if defined(__GLIBC__)
#include <malloc.h>
#elif defined(__APPLE__)
#include <malloc/malloc.h>
#elif defined(_WIN32)
#include <malloc.h>
#endif

namespace robertorch {
namespace {

std::atomic<int64_t> live_bytes{0};
std::atomic<int64_t> peak_bytes{0};
std::atomic<int64_t> live_allocations{0};
thread_local int64_t net_bytes = 0;
const char* malloc_tuning = "not applicable";

// The size is asked from malloc at both ends, so that no table of sizes is needed.
int64_t usableSize(void* data) {
#if defined(__APPLE__)
  return static_cast<int64_t>(malloc_size(data));
#elif defined(_WIN32)
  return static_cast<int64_t>(_aligned_msize(data, c10::gAlignment, 0));
#else
  return static_cast<int64_t>(malloc_usable_size(data));
#endif
}

void count(int64_t bytes, int allocations) {
  net_bytes += bytes;
  live_allocations.fetch_add(allocations, std::memory_order_relaxed);
  const int64_t now = live_bytes.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  int64_t peak = peak_bytes.load(std::memory_order_relaxed);
  while (now > peak && !peak_bytes.compare_exchange_weak(peak, now, std::memory_order_relaxed)) {
  }
}

void release(void* data) {
  if (data == nullptr) return;
  count(-usableSize(data), -1);
  c10::free_cpu(data);
}

class CountingAllocator final : public c10::Allocator {
 public:
  at::DataPtr allocate(size_t bytes) override {
    void* data = bytes == 0 ? nullptr : c10::alloc_cpu(bytes);
    if (data != nullptr) count(usableSize(data), 1);
    return {data, data, &release, at::Device(at::DeviceType::CPU)};
  }
  at::DeleterFnPtr raw_deleter() const override { return &release; }
  void copy_data(void* destination, const void* source, size_t bytes) const override {
    std::memcpy(destination, source, bytes);
  }
};

// By default glibc gives large blocks back to the system at every free, and a training step then spends 12 %
// of its time in page faults on memory that it had a moment ago.
void keepFreedMemory() {
#if defined(__GLIBC__)
  if (std::getenv("ROBERTORCH_MALLOC_DEFAULTS") != nullptr) {
    malloc_tuning = "left at glibc's defaults (ROBERTORCH_MALLOC_DEFAULTS)";
    return;
  }
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
  mallopt(M_TOP_PAD, 64 << 20);
  malloc_tuning = "mmap threshold 1 GiB, no trim, top pad 64 MiB";
#endif
}

}  // namespace

void installCpuAllocator() {
  static const bool installed = [] {
    keepFreedMemory();
    // Leaked on purpose: tensors may outlive every static destructor.
    c10::SetCPUAllocator(new CountingAllocator(), /*priority=*/1);
    return true;
  }();
  (void)installed;
}

DeviceMemory cpuMemory() {
  return {live_bytes.load(std::memory_order_relaxed), peak_bytes.load(std::memory_order_relaxed),
          live_allocations.load(std::memory_order_relaxed)};
}

void resetPeakCpuMemory() { peak_bytes.store(live_bytes.load()); }

int64_t threadNetBytes() { return net_bytes; }

const char* mallocTuning() { return malloc_tuning; }

}  // namespace robertorch
