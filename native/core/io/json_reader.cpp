#include "core/io/json_reader.h"

#include <limits>

#include "core/runtime/errors.h"

namespace robertorch {
namespace {

constexpr int kMaxDepth = 64;

void appendCodePoint(std::string& out, uint32_t code) {
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (code >> 6)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else if (code < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | (code >> 12)));
    out.push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else {
    out.push_back(static_cast<char>(0xF0 | (code >> 18)));
    out.push_back(static_cast<char>(0x80 | ((code >> 12) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  }
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

void JsonReader::fail(const std::string& rule) const {
  throw Error(ErrorKind::kCheckpoint,
              subject_ + ": " + rule + " (at byte " + std::to_string(position_) + " of the header)");
}

void JsonReader::skipSpace() {
  while (position_ < text_.size()) {
    const char c = text_[position_];
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') return;
    ++position_;
  }
}

char JsonReader::peek() {
  skipSpace();
  if (position_ >= text_.size()) fail("the JSON ends too early");
  return text_[position_];
}

void JsonReader::expect(char wanted) {
  if (peek() != wanted) fail(std::string("expected '") + wanted + "' in the JSON");
  ++position_;
}

void JsonReader::beginObject() { expect('{'); }

bool JsonReader::nextKey(bool first, std::string& key) {
  if (peek() == '}') {
    ++position_;
    return false;
  }
  if (!first) expect(',');
  if (peek() != '"') fail("expected a string as the key of an object");
  key = readString();
  expect(':');
  return true;
}

void JsonReader::beginArray() { expect('['); }

bool JsonReader::nextElement(bool first) {
  if (peek() == ']') {
    ++position_;
    return false;
  }
  if (!first) {
    expect(',');
    if (peek() == ']') fail("an array must not end with a comma");
  }
  return true;
}

std::string JsonReader::readString() {
  expect('"');
  std::string out;
  for (;;) {
    if (position_ >= text_.size()) fail("a string is not closed");
    const auto byte = static_cast<unsigned char>(text_[position_]);
    if (byte == '"') {
      ++position_;
      return out;
    }
    if (byte < 0x20) fail("a string holds a control character");
    if (byte == '\\') {
      ++position_;
      appendEscape(out);
    } else if (byte < 0x80) {
      out.push_back(text_[position_++]);
    } else {
      appendUtf8Sequence(out);
    }
  }
}

void JsonReader::appendUtf8Sequence(std::string& out) {
  const auto lead = static_cast<unsigned char>(text_[position_]);
  const int extra = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  if (lead < 0xC2 || lead > 0xF4 || position_ + extra >= text_.size()) fail("a string is not valid UTF-8");
  uint32_t code = lead & (0x3F >> extra);
  for (int i = 1; i <= extra; ++i) {
    const auto next = static_cast<unsigned char>(text_[position_ + i]);
    if ((next & 0xC0) != 0x80) fail("a string is not valid UTF-8");
    code = (code << 6) | (next & 0x3F);
  }
  const bool overlong = (extra == 2 && code < 0x800) || (extra == 3 && code < 0x10000);
  if (overlong || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) fail("a string is not valid UTF-8");
  out.append(text_.substr(position_, extra + 1));
  position_ += extra + 1;
}

uint32_t JsonReader::readHex4() {
  if (position_ + 4 > text_.size()) fail("an escape is cut off");
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = text_[position_++];
    if (isDigit(c))
      value = value * 16 + (c - '0');
    else if (c >= 'a' && c <= 'f')
      value = value * 16 + (c - 'a' + 10);
    else if (c >= 'A' && c <= 'F')
      value = value * 16 + (c - 'A' + 10);
    else
      fail("an escape holds a character that is no hexadecimal digit");
  }
  return value;
}

void JsonReader::appendEscape(std::string& out) {
  if (position_ >= text_.size()) fail("an escape is cut off");
  const char c = text_[position_++];
  switch (c) {
    case '"':
    case '\\':
    case '/':
      out.push_back(c);
      return;
    case 'b':
      out.push_back('\b');
      return;
    case 'f':
      out.push_back('\f');
      return;
    case 'n':
      out.push_back('\n');
      return;
    case 'r':
      out.push_back('\r');
      return;
    case 't':
      out.push_back('\t');
      return;
    case 'u':
      break;
    default:
      fail("a string holds an unknown escape");
  }
  uint32_t code = readHex4();
  if (code >= 0xDC00 && code < 0xE000) fail("a string holds a lone surrogate");
  if (code >= 0xD800 && code < 0xDC00) {
    if (text_.substr(position_, 2) != "\\u") fail("a string holds a lone surrogate");
    position_ += 2;
    const uint32_t low = readHex4();
    if (low < 0xDC00 || low >= 0xE000) fail("a string holds a lone surrogate");
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  }
  appendCodePoint(out, code);
}

uint64_t JsonReader::readUnsigned() {
  if (!isDigit(peek())) fail("expected a non-negative integer");
  const bool leadingZero = text_[position_] == '0';
  const size_t start = position_;
  uint64_t value = 0;
  while (position_ < text_.size() && isDigit(text_[position_])) {
    const uint64_t digit = text_[position_] - '0';
    if (value > (std::numeric_limits<uint64_t>::max() - digit) / 10) fail("an integer is above 2^64 - 1");
    value = value * 10 + digit;
    ++position_;
  }
  if (leadingZero && position_ - start > 1) fail("a number begins with 0");
  if (position_ < text_.size()) {
    const char c = text_[position_];
    if (c == '.' || c == 'e' || c == 'E') fail("expected an integer, found a fraction or exponent");
  }
  return value;
}

void JsonReader::skipNumber() {
  auto digits = [this] {
    const size_t start = position_;
    while (position_ < text_.size() && isDigit(text_[position_])) ++position_;
    if (position_ == start) fail("a number is malformed");
  };
  if (text_[position_] == '-') ++position_;
  if (position_ < text_.size() && text_[position_] == '0')
    ++position_;
  else
    digits();
  if (position_ < text_.size() && text_[position_] == '.') {
    ++position_;
    digits();
  }
  if (position_ < text_.size() && (text_[position_] == 'e' || text_[position_] == 'E')) {
    ++position_;
    if (position_ < text_.size() && (text_[position_] == '+' || text_[position_] == '-')) ++position_;
    digits();
  }
}

void JsonReader::skipValue(int depth) {
  if (depth > kMaxDepth) fail("the JSON is nested more than 64 deep");
  const char c = peek();
  if (c == '{') {
    beginObject();
    std::string key;
    for (bool first = true; nextKey(first, key); first = false) skipValue(depth + 1);
  } else if (c == '[') {
    beginArray();
    for (bool first = true; nextElement(first); first = false) skipValue(depth + 1);
  } else if (c == '"') {
    readString();
  } else if (c == '-' || isDigit(c)) {
    skipNumber();
  } else {
    for (std::string_view word : {"true", "false", "null"}) {
      if (text_.substr(position_, word.size()) == word) {
        position_ += word.size();
        return;
      }
    }
    fail("expected a JSON value");
  }
}

void JsonReader::expectEnd() {
  skipSpace();
  if (position_ != text_.size()) fail("something follows the closing brace");
}

}  // namespace robertorch
