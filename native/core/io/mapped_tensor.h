// The bytes of a file as tensors that are not copied.
#pragma once

#include "core/torch.h"

namespace robertorch {

/** A whole file as uint8 (bytes): a private mapping that lives as long as the tensor. Throws CheckpointError.
 */
at::Tensor mapFile(const std::string& path);

/**
 * `length` bytes of a contiguous tensor of the CPU from byte `begin` on, as uint8 (length) with a storage of
 * its own, so that offsets and sizes of storages are those that a file states. Keeps the tensor's memory
 * alive. Throws IndexError.
 */
at::Tensor storageOver(const at::Tensor& tensor, int64_t begin, int64_t length);

/** All bytes of a tensor's storage, those outside the tensor too, as uint8. Keeps them alive. */
at::Tensor wholeStorage(const at::Tensor& tensor);

}  // namespace robertorch
