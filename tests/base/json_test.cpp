#include "core/base/json.h"

#include <gtest/gtest.h>

#include <string>

#include "core/base/error.h"

namespace vkv {
namespace {

TEST(CanonicalJsonObject, IsCompactAndSorted) {
  const struct {
    const char* text;
    const char* canonical;
  } cases[] = {
      {"{}", "{}"},
      {" { } \n", "{}"},
      {R"({"b": 1, "a": 2})", R"({"a":2,"b":1})"},
      {R"({"a": [1, {"d": null, "c": true}]})", R"({"a":[1,{"c":true,"d":null}]})"},
      {R"({"n": 1e2, "m": 0.10, "o": -0})", R"({"m":0.1,"n":100.0,"o":0})"},
      {R"({"max": 18446744073709551615, "min": -9223372036854775808})",
       R"({"max":18446744073709551615,"min":-9223372036854775808})"},
      {R"({"s": "\u00e9\/\u0001"})", "{\"s\":\"\xc3\xa9/\\u0001\"}"},
      {R"({"a": {"x": 1}, "b": {"x": 1}})", R"({"a":{"x":1},"b":{"x":1}})"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(canonical_json_object(c.text), c.canonical);
    EXPECT_EQ(canonical_json_object(c.canonical), c.canonical);
  }
}

TEST(CanonicalJsonObject, SaysWhatIsWrong) {
  const struct {
    std::string text;
    const char* message;
  } cases[] = {
      {"", "malformed JSON at byte 1"},
      {"{", "malformed JSON at byte 2"},
      {"{\"a\":1} x", "malformed JSON at byte 9"},
      {"{\"a\":1,}", "malformed JSON at byte 8"},
      {"{'a':1}", "malformed JSON at byte 2"},
      {"{\"a\":\"\xff\"}", "malformed JSON at byte 7"},
      {std::string("{}\0x", 4), "malformed JSON at byte 3"},
      {"[]", "not a JSON object"},
      {"1", "not a JSON object"},
      {"1.5", "not a JSON object"},
      {"null", "not a JSON object"},
      {"true", "not a JSON object"},
      {"\"a\"", "not a JSON object"},
      {R"({"a":1,"a":1})", "member 'a' is given twice"},
      {R"({"x":[{"a":1,"\u0061":2}]})", "member 'a' is given twice"},
      {R"({"a":18446744073709551616})", "number '18446744073709551616' is out of range"},
      {R"({"a":1e999})", "number '1e999' is out of range"},
  };
  for (const auto& c : cases) {
    try {
      canonical_json_object(c.text);
      ADD_FAILURE() << c.text;
    } catch (const InvalidArgument& error) {
      EXPECT_STREQ(error.what(), c.message) << c.text;
    }
  }
}

TEST(CanonicalJsonObject, BoundsNesting) {
  const auto nested = [](std::size_t arrays) {
    return R"({"a":)" + std::string(arrays, '[') + std::string(arrays, ']') + "}";
  };
  EXPECT_EQ(canonical_json_object(nested(99)), nested(99));
  EXPECT_THROW(canonical_json_object(nested(100)), InvalidArgument);
  EXPECT_THROW(canonical_json_object(nested(1'000'000)), InvalidArgument);
  EXPECT_THROW(canonical_json_object(R"({"a":)" + std::string(1'000'000, '[')), InvalidArgument);
}

TEST(JsonString, EscapesWhatItMust) {
  EXPECT_EQ(json_string(""), "\"\"");
  EXPECT_EQ(json_string("a/\"b\"\n\x7f"), "\"a/\\\"b\\\"\\n\x7f\"");
  EXPECT_EQ(json_string(std::string("\0", 1)), "\"\\u0000\"");
  EXPECT_EQ(json_string("\xc3\xa9\xff"), "\"\xc3\xa9\xef\xbf\xbd\"");
}

}  // namespace
}  // namespace vkv
