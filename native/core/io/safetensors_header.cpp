#include "core/io/safetensors_header.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <string_view>
#include <unordered_set>

#include "core/io/json_reader.h"
#include "core/runtime/errors.h"

namespace robertorch {
namespace {

constexpr std::array<std::pair<std::string_view, size_t>, 15> kItemSizes{{{"F32", 4},
                                                                          {"F16", 2},
                                                                          {"BF16", 2},
                                                                          {"F64", 8},
                                                                          {"I64", 8},
                                                                          {"I32", 4},
                                                                          {"I16", 2},
                                                                          {"I8", 1},
                                                                          {"U8", 1},
                                                                          {"BOOL", 1},
                                                                          {"U16", 2},
                                                                          {"U32", 4},
                                                                          {"U64", 8},
                                                                          {"F8_E4M3", 1},
                                                                          {"F8_E5M2", 1}}};

[[noreturn]] void refuse(const std::string& path, const std::string& rule, const std::string& hint = "") {
  throw Error(ErrorKind::kCheckpoint, path + ": " + rule, hint);
}

uint64_t readLittleEndian64(std::span<const std::byte> bytes) {
  uint64_t value = 0;
  for (int i = 7; i >= 0; --i) value = (value << 8) | std::to_integer<uint64_t>(bytes[i]);
  return value;
}

void readMetadata(JsonReader& json, std::map<std::string, std::string>& metadata) {
  json.beginObject();
  std::string key;
  for (bool first = true; json.nextKey(first, key); first = false) {
    if (!metadata.emplace(key, json.readString()).second) json.fail("__metadata__ holds '" + key + "' twice");
  }
}

SafetensorsEntry readEntry(JsonReader& json, const std::string& name) {
  SafetensorsEntry entry;
  entry.name = name;
  bool dtype = false, shape = false, offsets = false;
  auto once = [&](bool& seen, const char* field) {
    if (seen) json.fail("tensor '" + name + "' has '" + field + "' twice");
    seen = true;
  };
  json.beginObject();
  std::string key;
  for (bool first = true; json.nextKey(first, key); first = false) {
    if (key == "dtype") {
      once(dtype, "dtype");
      entry.dtype = json.readString();
    } else if (key == "shape") {
      once(shape, "shape");
      json.beginArray();
      for (bool start = true; json.nextElement(start); start = false) {
        const uint64_t size = json.readUnsigned();
        if (size > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
          json.fail("tensor '" + name + "' has a dimension above 2^63 - 1");
        }
        entry.shape.push_back(static_cast<int64_t>(size));
      }
    } else if (key == "data_offsets") {
      once(offsets, "data_offsets");
      std::vector<uint64_t> values;
      json.beginArray();
      for (bool start = true; json.nextElement(start); start = false) values.push_back(json.readUnsigned());
      if (values.size() != 2) json.fail("tensor '" + name + "': data_offsets must hold two numbers");
      entry.begin = values[0];
      entry.end = values[1];
    } else {
      json.skipValue();
    }
  }
  for (auto [seen, field] : {std::pair{dtype, "dtype"}, {shape, "shape"}, {offsets, "data_offsets"}}) {
    if (!seen) json.fail("tensor '" + name + "' has no '" + field + "'");
  }
  return entry;
}

uint64_t byteSize(const SafetensorsEntry& entry, const std::string& path) {
  const size_t item = safetensorsItemSize(entry.dtype);
  if (item == 0) {
    refuse(path, "tensor '" + entry.name + "' has the unknown dtype '" + entry.dtype + "'",
           "known are F64, F32, F16, BF16, F8_E4M3, F8_E5M2, I64, I32, I16, I8, U64, U32, U16, U8 and BOOL");
  }
  uint64_t size = item;
  for (const int64_t dimension : entry.shape) {
    const auto factor = static_cast<uint64_t>(dimension);
    if (factor != 0 && size > std::numeric_limits<uint64_t>::max() / factor) {
      refuse(path, "tensor '" + entry.name + "': the size of its shape overflows 64 bits");
    }
    size *= factor;
  }
  return size;
}

// No holes, no overlap, nothing behind the last tensor: a file holds one thing only, so it cannot be two
// formats.
void checkLayout(std::vector<SafetensorsEntry>& entries, uint64_t dataStart, uint64_t fileSize,
                 const std::string& path) {
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  const uint64_t dataSize = fileSize - dataStart;
  uint64_t expected = 0;
  for (SafetensorsEntry& entry : entries) {
    const std::string offsets = std::to_string(entry.begin) + ".." + std::to_string(entry.end);
    if (entry.begin > entry.end || entry.end > dataSize) {
      refuse(path,
             "tensor '" + entry.name + "' lies at " + offsets + ", the file holds " +
                 std::to_string(dataSize) + " bytes of data",
             "the file may be cut off: download or write it again");
    }
    if (entry.begin != expected) {
      refuse(path, "tensor '" + entry.name + "' begins at " + std::to_string(entry.begin) + ", expected " +
                       std::to_string(expected) +
                       ": tensors must follow each other without holes or overlap");
    }
    const uint64_t size = byteSize(entry, path);
    if (entry.end - entry.begin != size) {
      refuse(path, "tensor '" + entry.name + "' needs " + std::to_string(size) +
                       " bytes for its shape and dtype, has " + std::to_string(entry.end - entry.begin));
    }
    expected = entry.end;
    entry.begin += dataStart;
    entry.end += dataStart;
  }
  if (expected != dataSize) {
    refuse(path, std::to_string(dataSize - expected) + " bytes at the end of the file belong to no tensor");
  }
}

void appendJsonString(std::string& out, const std::string& text) {
  static const char* hex = "0123456789abcdef";
  out.push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (byte < 0x20) {
      out += "\\u00";
      out.push_back(hex[byte >> 4]);
      out.push_back(hex[byte & 15]);
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

}  // namespace

size_t safetensorsItemSize(const std::string& dtype) {
  for (const auto& [name, size] : kItemSizes) {
    if (dtype == name) return size;
  }
  return 0;
}

SafetensorsHeader parseSafetensorsHeader(std::span<const std::byte> file, const std::string& path) {
  if (file.size() < 8)
    refuse(path, "a safetensors file has at least 8 bytes, this one " + std::to_string(file.size()));
  const uint64_t length = readLittleEndian64(file);
  if (length > kMaxSafetensorsHeader) {
    refuse(path,
           "the header claims " + std::to_string(length) + " bytes, the limit is " +
               std::to_string(kMaxSafetensorsHeader),
           "is this a safetensors file?");
  }
  if (length > file.size() - 8) {
    refuse(path,
           "the header claims " + std::to_string(length) + " bytes, the file has " +
               std::to_string(file.size() - 8) + " more",
           "the file may be cut off: download or write it again");
  }
  const std::string_view text(reinterpret_cast<const char*>(file.data()) + 8, length);
  if (text.empty() || text.front() != '{') refuse(path, "the header must begin with '{'");

  SafetensorsHeader header;
  JsonReader json(text, path);
  std::unordered_set<std::string> names;
  std::string key;
  json.beginObject();
  for (bool first = true; json.nextKey(first, key); first = false) {
    if (!names.insert(key).second) json.fail("the key '" + key + "' stands twice in the header");
    if (key == "__metadata__") {
      readMetadata(json, header.metadata);
    } else {
      header.entries.push_back(readEntry(json, key));
    }
  }
  json.expectEnd();
  checkLayout(header.entries, 8 + length, file.size(), path);
  return header;
}

std::string buildSafetensorsHeader(const SafetensorsHeader& header) {
  std::string json = "{";
  if (!header.metadata.empty()) {
    json += "\"__metadata__\":{";
    for (const auto& [key, value] : header.metadata) {
      if (json.back() != '{') json.push_back(',');
      appendJsonString(json, key);
      json.push_back(':');
      appendJsonString(json, value);
    }
    json.push_back('}');
  }
  for (const SafetensorsEntry& entry : header.entries) {
    if (json.size() > 1) json.push_back(',');
    appendJsonString(json, entry.name);
    json += ":{\"dtype\":\"" + entry.dtype + "\",\"shape\":[";
    for (size_t i = 0; i < entry.shape.size(); ++i) {
      if (i > 0) json.push_back(',');
      json += std::to_string(entry.shape[i]);
    }
    json += "],\"data_offsets\":[" + std::to_string(entry.begin) + "," + std::to_string(entry.end) + "]}";
  }
  json.push_back('}');
  json.append((8 - json.size() % 8) % 8, ' ');
  std::string out(8, '\0');
  for (int i = 0; i < 8; ++i) out[i] = static_cast<char>((json.size() >> (8 * i)) & 0xFF);
  return out + json;
}

}  // namespace robertorch
