// Safetensors files as tensors: zero copy in, atomic out.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/torch.h"

namespace robertorch {

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

struct SafetensorsFile {
  NamedTensors tensors;  // in order of their data
  std::map<std::string, std::string> metadata;
};

/**
 * Opens a file; tensors are views of a private mapping that lives as long as they do. A tensor whose data is
 * not aligned to its element is copied. Throws CheckpointError.
 */
SafetensorsFile loadSafetensors(const std::string& path);

/** Writes through a temporary name, fsync and rename. Tensors are copied to contiguous CPU memory one at a
 * time. */
void saveSafetensors(const std::string& path, const NamedTensors& tensors,
                     const std::map<std::string, std::string>& metadata);

}  // namespace robertorch
