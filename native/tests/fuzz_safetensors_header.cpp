// Hostile safetensors files by the thousand: valid files are made, broken at random and parsed. A seed gives
// the same files everywhere. The parser must either refuse with CheckpointError or give entries that fill the
// file exactly; the sanitizers watch the rest.
//
//   fuzz [number of files, default 50000] [seed, default 1]
#include <chrono>
#include <iostream>
#include <random>

#include "core/runtime/errors.h"
#include "tests/safetensors_bytes.h"

namespace robertorch {
namespace {

using test::lengthBytes;

class Source {
 public:
  explicit Source(uint64_t seed) : engine_(seed) {}

  uint64_t below(uint64_t limit) { return engine_() % limit; }
  bool oneIn(uint64_t chances) { return below(chances) == 0; }
  template <typename Range>
  const auto& pick(const Range& range) {
    return range[below(std::size(range))];
  }

 private:
  std::mt19937_64 engine_;
};

struct File {
  std::string header;  // the JSON
  std::string data;
};

File makeFile(Source& source) {
  static const std::string dtypes[] = {"F32", "F16", "BF16", "F64",  "I64", "I32",
                                       "I16", "I8",  "U8",   "BOOL", "U16", "F8_E4M3"};
  static const std::string names[] = {"a",  "embeddings.weight", "\xC3\xA9", "\"",
                                      "\\", "\xF0\x9F\x98\x80",  "",         "\x01"};
  SafetensorsHeader header;
  uint64_t offset = 0;
  for (uint64_t i = 0, count = source.below(5); i < count; ++i) {
    SafetensorsEntry entry{source.pick(names) + std::to_string(i), source.pick(dtypes), {}, offset, 0};
    uint64_t size = safetensorsItemSize(entry.dtype);
    for (uint64_t dimension = 0, rank = source.below(4); dimension < rank; ++dimension) {
      entry.shape.push_back(static_cast<int64_t>(source.below(4)));
      size *= entry.shape.back();
    }
    entry.end = offset += size;
    header.entries.push_back(entry);
  }
  if (source.oneIn(3)) header.metadata = {{"format", "pt"}, {source.pick(names), source.pick(names)}};
  return {buildSafetensorsHeader(header).substr(8), std::string(offset, '\x2A')};
}

void mutateHeader(Source& source, std::string& text) {
  static const std::string pieces[] = {"{",
                                       "}",
                                       "[",
                                       "]",
                                       ",",
                                       ":",
                                       "\"",
                                       "\\",
                                       "\\u0000",
                                       "\\ud800",
                                       "\\udc00",
                                       "\\ud83d\\ude00",
                                       "\xC3",
                                       "\xFF",
                                       "\xED\xA0\x80",
                                       " ",
                                       "null",
                                       "true",
                                       "-1",
                                       "1.0",
                                       "1e9",
                                       "0",
                                       "00",
                                       "18446744073709551615",
                                       "18446744073709551616",
                                       "9223372036854775807",
                                       "4294967296",
                                       "\"dtype\"",
                                       "\"shape\"",
                                       "\"data_offsets\"",
                                       "\"__metadata__\":{}",
                                       "\"F32\"",
                                       "[0,0]",
                                       "[[[[[[[[",
                                       "{\"a\":",
                                       std::string(1, '\0'),
                                       "\n",
                                       "\xEF\xBB\xBF"};
  const size_t at = source.below(text.size() + 1);
  const size_t length = source.below(8);
  switch (source.below(6)) {
    case 0:
      text.insert(at, source.pick(pieces));
      break;
    case 1:
      text.erase(std::min(at, text.size()), length);
      break;
    case 2:
      text.replace(std::min(at, text.size()), length, source.pick(pieces));
      break;
    case 3:
      text.insert(source.below(text.size() + 1), text.substr(at, source.below(40)));
      break;
    case 4:
      if (at < text.size()) text[at] = static_cast<char>(source.below(256));
      break;
    default:
      // A digit becomes another: the JSON stays valid, the layout does not.
      for (size_t i = at; i < text.size(); ++i) {
        if (text[i] < '0' || text[i] > '9') continue;
        text[i] = static_cast<char>('0' + source.below(10));
        break;
      }
  }
}

std::string breakFile(Source& source, File file) {
  for (uint64_t i = 0, count = source.below(4); i < count; ++i) mutateHeader(source, file.header);
  uint64_t length = file.header.size();
  if (source.oneIn(16)) {
    const uint64_t lengths[] = {0,           1,           length - 1, length + 1, length + 8,
                                100'000'000, 100'000'001, ~0ull,      ~0ull - 7,  1ull << 63};
    length = source.pick(lengths);
  }
  std::string bytes = lengthBytes(length) + file.header + file.data;
  if (source.oneIn(8)) bytes.resize(source.below(bytes.size() + 1));
  if (source.oneIn(16)) bytes.append(1 + source.below(9), '\0');
  return bytes;
}

[[noreturn]] void report(std::string_view file, const std::string& what) {
  std::cerr << "fuzz: " << what << "\n  file:";
  for (const char c : file) std::cerr << " " << static_cast<int>(static_cast<unsigned char>(c));
  std::cerr << std::endl;
  std::abort();
}

void checkAccepted(std::string_view file, const SafetensorsHeader& header) {
  uint64_t expected = header.entries.empty() ? file.size() : header.entries.front().begin;
  for (const SafetensorsEntry& entry : header.entries) {
    uint64_t size = safetensorsItemSize(entry.dtype);
    for (const int64_t dimension : entry.shape) size *= static_cast<uint64_t>(dimension);
    if (size > 0 && safetensorsItemSize(entry.dtype) == 0) report(file, "an unknown dtype was accepted");
    if (entry.begin != expected || entry.end - entry.begin != size || entry.end > file.size()) {
      report(file, "an accepted tensor does not lie where it must");
    }
    expected = entry.end;
  }
  if (expected != file.size()) report(file, "an accepted file has bytes that belong to no tensor");
}

bool accepts(std::string_view file) {
  try {
    checkAccepted(file, test::parse(file));
    return true;
  } catch (const Error& error) {
    if (error.kind != ErrorKind::kCheckpoint || std::string(error.what()).empty())
      report(file, "an error of the wrong kind");
    return false;
  }
}

int fuzz(uint64_t files, uint64_t seed) {
  Source source(seed);
  uint64_t accepted = 0;
  for (uint64_t i = 0; i < files; ++i) {
    const File valid = makeFile(source);
    if (i % 16 == 0 && !accepts(lengthBytes(valid.header.size()) + valid.header + valid.data)) {
      report(valid.header, "a valid file was refused");
    }
    accepted += accepts(breakFile(source, valid));
  }
  std::cout << files << " fuzzed safetensors headers, " << accepted << " accepted, " << files - accepted
            << " refused, seed " << seed << "\n";
  // Neither must vanish: a parser that refuses or accepts everything would go unnoticed.
  return accepted > files / 20 && accepted < files / 2 ? 0 : 1;
}

}  // namespace
}  // namespace robertorch

int main(int count, char** values) {
  return robertorch::fuzz(count > 1 ? std::stoull(values[1]) : 50'000,
                          count > 2 ? std::stoull(values[2]) : 1);
}
