#include "core/runtime/device_memory.h"

#include <c10/core/CachingDeviceAllocator.h>

namespace robertorch {

DeviceMemory deviceMemory(at::Device device) {
  if (device.is_cpu()) return cpuMemory();
  if (device.is_meta()) return {};
  const auto stats = c10::getDeviceAllocator(device.type())->getDeviceStats(device.index());
  constexpr auto kAll = static_cast<size_t>(c10::CachingAllocator::StatType::AGGREGATE);
  return {stats.allocated_bytes[kAll].current, stats.allocated_bytes[kAll].peak,
          stats.allocation[kAll].current};
}

void resetPeakDeviceMemory(at::Device device) {
  if (device.is_cpu())
    resetPeakCpuMemory();
  else if (!device.is_meta())
    c10::getDeviceAllocator(device.type())->resetPeakStats(device.index());
}

}  // namespace robertorch
