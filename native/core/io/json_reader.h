// A strict pull reader for JSON (RFC 8259), just large enough for a safetensors header: it refuses what a
// hostile file may hold (invalid UTF-8, lone surrogates, deep nesting, numbers that are no integers where
// integers belong) and allocates nothing but the strings it returns. Needs no LibTorch, so it is fuzzed
// alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace robertorch {

class JsonReader {
 public:
  /** `subject` (a file's name) begins every error message. The text must outlive the reader. */
  JsonReader(std::string_view text, std::string subject) : text_(text), subject_(std::move(subject)) {}

  /** Consumes `{`; then call `nextKey` until it returns false. */
  void beginObject();
  /** Reads the next key of the current object, its colon included; false at the closing brace. */
  bool nextKey(bool first, std::string& key);
  /** Consumes `[`; then call `nextElement` until it returns false. */
  void beginArray();
  bool nextElement(bool first);

  std::string readString();
  /** A non-negative integer below 2^64; anything else, 1.0 and 1e3 included, is refused. */
  uint64_t readUnsigned();
  /** Steps over any value. */
  void skipValue(int depth = 0);
  /** Only white space may follow. */
  void expectEnd();

  [[noreturn]] void fail(const std::string& rule) const;

 private:
  void skipSpace();
  char peek();
  void expect(char wanted);
  void skipNumber();
  void appendEscape(std::string& out);
  uint32_t readHex4();
  void appendUtf8Sequence(std::string& out);

  std::string_view text_;
  std::string subject_;
  size_t position_ = 0;
};

}  // namespace robertorch
