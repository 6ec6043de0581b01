#include "core/io/json_reader.h"

#include "tests/check.h"

namespace robertorch {
namespace {

// Most of these texts come from "Parsing JSON is a Minefield" (https://github.com/nst/JSONTestSuite).

std::string stringOf(std::string_view text) {
  JsonReader json(text, "file");
  std::string value = json.readString();
  json.expectEnd();
  return value;
}

uint64_t unsignedOf(std::string_view text) {
  JsonReader json(text, "file");
  const uint64_t value = json.readUnsigned();
  json.expectEnd();
  return value;
}

bool skip(std::string_view text) {
  JsonReader json(text, "file");
  json.skipValue();
  json.expectEnd();
  return true;
}

TEST("strings are decoded to UTF-8", {
  EXPECT_EQ(stringOf(R"("")"), "");
  EXPECT_EQ(stringOf(R"(  "a\"\\\/\b\f\n\r\t"  )"), "a\"\\/\b\f\n\r\t");
  EXPECT_EQ(stringOf(R"("\u0041\u00e9\u20AC")"), "A\xC3\xA9\xE2\x82\xAC");
  EXPECT_EQ(stringOf(R"("\ud83d\ude00")"), "\xF0\x9F\x98\x80");
  EXPECT_EQ(stringOf("\"\xF4\x8F\xBF\xBF\""), "\xF4\x8F\xBF\xBF");
  EXPECT_EQ(stringOf(R"("\u0000")"), std::string(1, '\0'));
});

TEST("strings that are no valid text are refused", {
  for (const char* lone :
       {R"("\ud800")", R"("\udc00")", R"("\ud800\u0041")", R"("\ud800\ud800")", R"("\ud800x")"}) {
    EXPECT_REFUSED(stringOf(lone), "lone surrogate");
  }
  for (const char* invalid : {"\"\x80\"", "\"\xC0\xAF\"", "\"\xC1\xBF\"", "\"\xE0\x80\xAF\"",
                              "\"\xED\xA0\x80\"", "\"\xF0\x80\x80\x80\"", "\"\xF4\x90\x80\x80\"",
                              "\"\xF8\x88\x80\x80\x80\"", "\"\xE2\x82\"", "\"\xE2", "\"\xFF\""}) {
    EXPECT_REFUSED(stringOf(invalid), "not valid UTF-8");
  }
  EXPECT_REFUSED(stringOf("\"a\nb\""), "control character");
  EXPECT_REFUSED(stringOf(std::string_view("\"a\0b\"", 5)), "control character");
  EXPECT_REFUSED(stringOf("\"abc"), "not closed");
  EXPECT_REFUSED(stringOf("\"abc\\"), "cut off");
  EXPECT_REFUSED(stringOf("\"\\u12"), "cut off");
  EXPECT_REFUSED(stringOf(R"("\u12g4")"), "no hexadecimal digit");
  EXPECT_REFUSED(stringOf(R"("\x41")"), "unknown escape");
  EXPECT_REFUSED(stringOf("'a'"), "expected '\"'");
  EXPECT_REFUSED(stringOf(""), "ends too early");
  EXPECT_REFUSED(stringOf(R"("a" "b")"), "something follows");
});

TEST("integers are read up to 2^64 - 1", {
  EXPECT_EQ(unsignedOf("0"), 0u);
  EXPECT_EQ(unsignedOf(" 42 "), 42u);
  EXPECT_EQ(unsignedOf("18446744073709551615"), 18446744073709551615ull);
});

TEST("numbers that are no such integers are refused", {
  EXPECT_REFUSED(unsignedOf("18446744073709551616"), "above 2^64 - 1");
  EXPECT_REFUSED(unsignedOf("99999999999999999999999999"), "above 2^64 - 1");
  EXPECT_REFUSED(unsignedOf("-1"), "non-negative integer");
  EXPECT_REFUSED(unsignedOf("+1"), "non-negative integer");
  EXPECT_REFUSED(unsignedOf("null"), "non-negative integer");
  EXPECT_REFUSED(unsignedOf("\"1\""), "non-negative integer");
  EXPECT_REFUSED(unsignedOf("01"), "begins with 0");
  EXPECT_REFUSED(unsignedOf("1.0"), "fraction or exponent");
  EXPECT_REFUSED(unsignedOf("1e3"), "fraction or exponent");
  EXPECT_REFUSED(unsignedOf("0x10"), "something follows");
});

TEST("any value can be skipped", {
  for (const char* text : {"null", "true", "false", "0", "-0", "1.5e+10", "-1E-7", "\"x\"", "[]", "{}",
                           "[1, [2], {\"a\": []}]", "{\"a\": {\"b\": null}, \"c\": [true]}"}) {
    EXPECT(skip(text));
  }
});

TEST("what is no JSON value is refused", {
  for (const char* text : {"",
                           " ",
                           "nul",
                           "NaN",
                           "Infinity",
                           "-",
                           "1.",
                           "1e",
                           "--1",
                           "[1",
                           "[1,]",
                           "[,1]",
                           "[1 2]",
                           "{",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{a: 1}",
                           "{\"a\": 1,}",
                           "{\"a\": 1 \"b\": 2}",
                           "[]]",
                           "1 1",
                           "// a",
                           "\xEF\xBB\xBF{}"}) {
    EXPECT_REFUSED(skip(text), "file: ");
  }
});

TEST("nesting has a limit, so that no file overflows the stack", {
  EXPECT(skip(std::string(64, '[') + std::string(64, ']')));
  EXPECT_REFUSED(skip(std::string(66, '[') + std::string(66, ']')), "nested more than 64 deep");
  EXPECT_REFUSED(skip(std::string(1'000'000, '[')), "nested more than 64 deep");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_REFUSED(skip(objects), "nested more than 64 deep");
});

TEST("errors name the file and the byte",
     { EXPECT_REFUSED(skip("[1, x]"), "file: expected a JSON value (at byte 4 of the header)"); });

}  // namespace
}  // namespace robertorch
