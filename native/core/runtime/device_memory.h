// Bytes of any device: the CPU's are counted here (memory.h), an accelerator's allocator counts its own.
#pragma once

#include "core/runtime/memory.h"
#include "core/torch.h"

namespace robertorch {

/** Of the whole process. Zeros for meta, whose tensors have no data. */
DeviceMemory deviceMemory(at::Device device);
void resetPeakDeviceMemory(at::Device device);

}  // namespace robertorch
