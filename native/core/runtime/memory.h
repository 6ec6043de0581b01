// What the process's tensors cost. LibTorch's own figures for the CPU need its profiler; wrapping the
// allocator counts every byte, those that only autograd still holds included.
#pragma once

#include <cstdint>

namespace robertorch {

struct DeviceMemory {
  int64_t bytes = 0;        // live now
  int64_t peakBytes = 0;    // highest since start or the last reset
  int64_t allocations = 0;  // live now
};

/** Wraps LibTorch's CPU allocator in a counting one and, once, raises malloc's thresholds (see memory.cpp).
 */
void installCpuAllocator();
DeviceMemory cpuMemory();
void resetPeakCpuMemory();

/** Bytes that this thread has allocated minus those it has freed: the difference around a call is what it
 * keeps. */
int64_t threadNetBytes();

/** Whether malloc's thresholds were raised, and how: shown by `robertorch doctor`. */
const char* mallocTuning();

}  // namespace robertorch
