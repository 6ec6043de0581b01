#include "core/io/safetensors_header.h"

#include "tests/check.h"
#include "tests/safetensors_bytes.h"

namespace robertorch {
namespace {

using test::fileOf;
using test::lengthBytes;
using test::parse;

SafetensorsHeader parseText(std::string_view header, size_t dataBytes) {
  return parse(fileOf(header, dataBytes));
}

TEST("a header is read in the order of its data", {
  const auto header = parseText(
      R"({"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},"a":{"shape":[],"data_offsets":[0,4],"dtype":"I32"}}  )",
      12);
  EXPECT_EQ(header.entries.size(), 2u);
  EXPECT_EQ(header.entries[0].name, "a");
  EXPECT_EQ(header.entries[0].shape.size(), 0u);
  EXPECT_EQ(header.entries[1].name, "b");
  EXPECT_EQ(header.entries[1].shape[0], 2);
  EXPECT_EQ(header.entries[1].end - header.entries[1].begin, 8u);
  EXPECT_EQ(header.metadata.at("format"), "pt");
});

TEST("empty files, empty tensors and unknown fields are allowed", {
  EXPECT_EQ(parseText("{}", 0).entries.size(), 0u);
  EXPECT_EQ(parseText(R"({"a":{"dtype":"F32","shape":[0,5],"data_offsets":[0,0],"more":[1,{"x":null}]}})", 0)
                .entries.size(),
            1u);
  EXPECT_EQ(
      parseText(
          R"({"a":{"dtype":"U8","shape":[1,0],"data_offsets":[1,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
          1)
          .entries.size(),
      2u);
});

TEST("the length of the header is checked before anything is read", {
  EXPECT_REFUSED(parse(""), "at least 8 bytes, this one 0");
  EXPECT_REFUSED(parse("1234567"), "at least 8 bytes, this one 7");
  EXPECT_REFUSED(parse(lengthBytes(0)), "must begin with '{'");
  EXPECT_REFUSED(parse(lengthBytes(100'000'001) + "{}"), "claims 100000001 bytes, the limit is 100000000");
  EXPECT_REFUSED(parse(lengthBytes(~0ull) + "{}"), "claims 18446744073709551615 bytes, the limit");
  EXPECT_REFUSED(parse(lengthBytes(3) + "{}"), "claims 3 bytes, the file has 2 more");
  EXPECT_REFUSED(parse(lengthBytes(100'000'000) + "{}"), "claims 100000000 bytes, the file has 2 more");
});

TEST("the header is one JSON object and nothing else", {
  EXPECT_REFUSED(parseText(" {}", 0), "must begin with '{'");
  EXPECT_REFUSED(parseText("[]", 0), "must begin with '{'");
  EXPECT_REFUSED(parseText("{", 0), "ends too early");
  EXPECT_REFUSED(parseText("{}x", 0), "something follows the closing brace");
  EXPECT_REFUSED(parseText("{}{}", 0), "something follows the closing brace");
  EXPECT_REFUSED(parseText(std::string_view("{}\0", 3), 0), "something follows the closing brace");
  EXPECT_REFUSED(parseText("{\"\xFF\":{}}", 0), "not valid UTF-8");
  EXPECT_REFUSED(parseText(R"({"\ud800":{}})", 0), "lone surrogate");
});

TEST("keys stand once", {
  const std::string entry = R"({"dtype":"U8","shape":[1],"data_offsets":[0,1]})";
  EXPECT_REFUSED(parseText("{\"a\":" + entry + ",\"a\":" + entry + "}", 1), "the key 'a' stands twice");
  EXPECT_REFUSED(parseText("{\"a\":" + entry + ",\"\\u0061\":" + entry + "}", 1), "the key 'a' stands twice");
  EXPECT_REFUSED(parseText(R"({"__metadata__":{},"__metadata__":{}})", 0), "stands twice");
  EXPECT_REFUSED(parseText(R"({"__metadata__":{"a":"1","a":"2"}})", 0), "holds 'a' twice");
  EXPECT_REFUSED(parseText(R"({"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 1),
                 "has 'dtype' twice");
});

TEST("metadata are strings", {
  EXPECT_REFUSED(parseText(R"({"__metadata__":{"a":1}})", 0), "expected '\"'");
  EXPECT_REFUSED(parseText(R"({"__metadata__":{"a":null}})", 0), "expected '\"'");
  EXPECT_REFUSED(parseText(R"({"__metadata__":{"a":{"b":"c"}}})", 0), "expected '\"'");
  EXPECT_REFUSED(parseText(R"({"__metadata__":[]})", 0), "expected '{'");
  EXPECT_REFUSED(parseText(R"({"__metadata__":null})", 0), "expected '{'");
});

TEST("a tensor needs all three fields in their types", {
  EXPECT_REFUSED(parseText(R"({"a":{"shape":[1],"data_offsets":[0,1]}})", 1), "tensor 'a' has no 'dtype'");
  EXPECT_REFUSED(parseText(R"({"a":{"dtype":"U8","data_offsets":[0,1]}})", 1), "tensor 'a' has no 'shape'");
  EXPECT_REFUSED(parseText(R"({"a":{"dtype":"U8","shape":[1]}})", 1), "tensor 'a' has no 'data_offsets'");
  EXPECT_REFUSED(parseText(R"({"a":null})", 0), "expected '{'");
  EXPECT_REFUSED(parseText(R"({"a":{"dtype":8,"shape":[1],"data_offsets":[0,1]}})", 1), "expected '\"'");
  EXPECT_REFUSED(parseText(R"({"a":{"dtype":"U8","shape":1,"data_offsets":[0,1]}})", 1), "expected '['");
  EXPECT_REFUSED(parseText(R"({"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}})", 1),
                 "non-negative integer");
  EXPECT_REFUSED(parseText(R"({"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}})", 1),
                 "fraction or exponent");
  EXPECT_REFUSED(parseText(R"({"a":{"dtype":"U8","shape":[9223372036854775808],"data_offsets":[0,1]}})", 1),
                 "above 2^63 - 1");
  EXPECT_REFUSED(parseText(R"({"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,1]}})", 1),
                 "above 2^64 - 1");
  EXPECT_REFUSED(parseText(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[-1,1]}})", 1),
                 "non-negative integer");
  EXPECT_REFUSED(parseText(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1.5]}})", 1),
                 "fraction or exponent");
  EXPECT_REFUSED(parseText(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}})", 1),
                 "must hold two numbers");
  EXPECT_REFUSED(parseText(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}})", 1),
                 "must hold two numbers");
  EXPECT_REFUSED(parseText(R"({"a":{"dtype":"F128","shape":[1],"data_offsets":[0,16]}})", 16),
                 "unknown dtype 'F128'");
  EXPECT_REFUSED(parseText(R"({"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}})", 4),
                 "unknown dtype 'f32'");
});

TEST("sizes that overflow are refused", {
  EXPECT_REFUSED(
      parseText(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}})", 4),
      "overflows 64 bits");
  EXPECT_REFUSED(parseText(R"({"a":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}})", 0),
                 "overflows 64 bits");
  EXPECT_REFUSED(parseText(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,18446744073709551615]}})", 1),
                 "lies at 0..18446744073709551615, the file holds 1 bytes");
});

TEST("data lie one behind the other up to the end", {
  const auto two = [](const std::string& first, const std::string& second) {
    return R"({"a":{"dtype":"U8","shape":[2],"data_offsets":)" + first +
           R"(},"b":{"dtype":"U8","shape":[2],"data_offsets":)" + second + "}}";
  };
  EXPECT_EQ(parseText(two("[0,2]", "[2,4]"), 4).entries.size(), 2u);
  EXPECT_REFUSED(parseText(two("[0,2]", "[1,3]"), 3), "'b' begins at 1, expected 2");
  EXPECT_REFUSED(parseText(two("[0,2]", "[0,2]"), 2), "begins at 0, expected 2");
  EXPECT_REFUSED(parseText(two("[0,2]", "[3,5]"), 5), "'b' begins at 3, expected 2");
  EXPECT_REFUSED(parseText(two("[1,3]", "[3,5]"), 5), "'a' begins at 1, expected 0");
  EXPECT_REFUSED(parseText(two("[0,2]", "[2,4]"), 5), "1 bytes at the end of the file belong to no tensor");
  EXPECT_REFUSED(parseText(two("[0,2]", "[2,4]"), 3), "'b' lies at 2..4, the file holds 3 bytes");
  EXPECT_REFUSED(parseText(two("[2,0]", "[2,4]"), 4), "'a' lies at 2..0");
  EXPECT_REFUSED(parseText(two("[0,1]", "[1,3]"), 3), "'a' needs 2 bytes for its shape and dtype, has 1");
  EXPECT_REFUSED(parseText("{}", 1), "1 bytes at the end of the file belong to no tensor");
});

TEST("what is built is read back", {
  SafetensorsHeader header;
  header.metadata = {{"format", "pt"}, {"quote\"\\\n\x01", "\xF0\x9F\x98\x80"}};
  header.entries.push_back({"\"odd\"\\name\t", "F32", {1, 2}, 0, 8});
  header.entries.push_back({"", "BOOL", {3}, 8, 11});
  const std::string bytes = buildSafetensorsHeader(header);
  EXPECT_EQ(bytes.size() % 8, 0u);
  const SafetensorsHeader back = parse(bytes + std::string(11, '\0'));
  EXPECT(back.metadata == header.metadata);
  EXPECT_EQ(back.entries[0].name, header.entries[0].name);
  EXPECT_EQ(back.entries[1].begin, bytes.size() + 8);
});

}  // namespace
}  // namespace robertorch
