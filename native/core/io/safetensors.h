// Safetensors files as tensors: zero copy in, atomic out.
#pragma once

#include <functional>
#include <map>
#include <span>
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

/** The same from bytes in memory, which are copied once; `name` stands for the path in messages. */
SafetensorsFile loadSafetensors(std::span<const std::byte> bytes, const std::string& name);

/** How a file will look: its header, the tensors in order of their data, its size. Holds pointers to
 * `tensors`. */
struct SafetensorsLayout {
  std::string head;
  std::vector<const at::Tensor*> order;
  size_t bytes;
};
SafetensorsLayout layOutSafetensors(const NamedTensors& tensors,
                                    const std::map<std::string, std::string>& metadata);
void writeSafetensors(const SafetensorsLayout& layout,
                      const std::function<void(const void* data, size_t bytes)>& write);

/** Writes through a temporary name, fsync and rename. Tensors are copied to contiguous CPU memory one at a
 * time. */
void saveSafetensors(const std::string& path, const NamedTensors& tensors,
                     const std::map<std::string, std::string>& metadata);

}  // namespace robertorch
