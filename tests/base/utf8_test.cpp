#include "core/base/utf8.h"

#include <gtest/gtest.h>

namespace vkv {
namespace {

struct Case {
  const char* name;
  Bytes text;
  std::size_t first_character;
  bool valid;
};

const Case kCases[] = {
    {"empty", "", 0, true},
    {"ASCII", "ab", 1, true},
    {"NUL is a character", Bytes("\0a", 2), 1, true},
    {"two bytes, lowest", "\xc2\x80", 2, true},
    {"three bytes, lowest", "\xe0\xa0\x80", 3, true},
    {"three bytes, highest", "\xef\xbf\xbf", 3, true},
    {"four bytes, lowest", "\xf0\x90\x80\x80", 4, true},
    {"four bytes, highest", "\xf4\x8f\xbf\xbf", 4, true},
    {"continuation alone", "\x80", 0, false},
    {"overlong in two", "\xc1\xbf", 0, false},
    {"overlong in three", "\xe0\x9f\xbf", 0, false},
    {"overlong in four", "\xf0\x8f\xbf\xbf", 0, false},
    {"surrogate", "\xed\xa0\x80", 0, false},
    {"beyond Unicode", "\xf4\x90\x80\x80", 0, false},
    {"no such lead byte", "\xff", 0, false},
    {"cut short", "\xe2\x82", 0, false},
    {"bad third byte", "\xe2\x82z", 0, false},
    {"bad later on", "a\xff", 1, false},
};

TEST(Utf8, Validity) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(utf8_character(c.text), c.first_character);
    EXPECT_EQ(is_utf8(c.text), c.valid);
  }
}

}  // namespace
}  // namespace vkv
