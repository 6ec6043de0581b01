// The header of a safetensors file, with every rule of the format checked:
// https://github.com/huggingface/safetensors#format and its reference parser `safetensors/src/tensor.rs`.
// Needs no LibTorch, so it is fuzzed alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace robertorch {

/** Above this a header is refused, as in the reference parser. */
constexpr uint64_t kMaxSafetensorsHeader = 100'000'000;

struct SafetensorsEntry {
  std::string name;
  std::string dtype;  // the format's name: F32, BF16, I64, ...
  std::vector<int64_t> shape;
  uint64_t begin = 0;  // bytes from the start of the file
  uint64_t end = 0;
};

struct SafetensorsHeader {
  std::vector<SafetensorsEntry> entries;  // in order of their data
  std::map<std::string, std::string> metadata;
};

/** Bytes per element of one of the format's dtypes; 0 for a name that this package cannot load. */
size_t safetensorsItemSize(const std::string& dtype);

/**
 * Reads and checks the header of a whole file's bytes.
 * Throws CheckpointError with the file, the tensor and the rule that was broken.
 */
SafetensorsHeader parseSafetensorsHeader(std::span<const std::byte> file, const std::string& path);

/** The 8 length bytes and the JSON, padded with blanks so that the data begins on an 8-byte boundary. */
std::string buildSafetensorsHeader(const SafetensorsHeader& header);

}  // namespace robertorch
