// Files of the safetensors format as bytes, for tests that break them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/io/safetensors_header.h"

namespace robertorch::test {

inline std::string lengthBytes(uint64_t length) {
  std::string out(8, '\0');
  for (int i = 0; i < 8; ++i) out[i] = static_cast<char>((length >> (8 * i)) & 0xFF);
  return out;
}

/** A file with this header text and so many bytes of data. */
inline std::string fileOf(std::string_view header, size_t dataBytes) {
  return lengthBytes(header.size()) + std::string(header) + std::string(dataBytes, '\x2A');
}

/** Parses a copy of exactly the file's size, so that AddressSanitizer sees any access beyond it. */
inline SafetensorsHeader parse(std::string_view file) {
  std::vector<std::byte> exact(file.size());
  std::transform(file.begin(), file.end(), exact.begin(), [](char c) { return static_cast<std::byte>(c); });
  return parseSafetensorsHeader(exact, "file");
}

}  // namespace robertorch::test
