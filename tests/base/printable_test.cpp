#include "core/base/printable.h"

#include <gtest/gtest.h>

namespace vkv {
namespace {

using namespace std::string_literals;

TEST(Printable, Quotes) {
  const struct {
    Bytes bytes;
    std::string shown;
  } cases[] = {
      {"", "''"},
      {"user/1", "'user/1'"},
      {"it's", "'it's'"},
      {"grün €", "'grün €'"},
      {"\xf0\x9f\x8c\xb3", "'\xf0\x9f\x8c\xb3'"},      // a tree
      {"a\0b"s, "'a\\x00b'"},                          // control characters
      {"line\nbreak\x7f", "'line\\x0abreak\\x7f'"},    //
      {"back\\slash", "'back\\x5cslash'"},             //
      {"\x80", "'\\x80'"},                             // continuation alone
      {"\xc3", "'\\xc3'"},                             // cut short
      {"\xe2\x82", "'\\xe2\\x82'"},                    //
      {"\xc0\xaf", "'\\xc0\\xaf'"},                    // overlong
      {"\xe0\x80\xaf", "'\\xe0\\x80\\xaf'"},           //
      {"\xf0\x80\x80\xaf", "'\\xf0\\x80\\x80\\xaf'"},  //
      {"\xed\xa0\x80", "'\\xed\\xa0\\x80'"},           // surrogate
      {"\xf4\x90\x80\x80", "'\\xf4\\x90\\x80\\x80'"},  // beyond U+10FFFF
      {"\xff"
       "a",
       "'\\xffa'"},  //
  };
  for (const auto& [bytes, shown] : cases) EXPECT_EQ(printable(bytes), shown);
}

TEST(Printable, CutsBetweenCharacters) {
  EXPECT_EQ(printable(Bytes(64, 'x')), "'" + Bytes(64, 'x') + "'");
  EXPECT_EQ(printable(Bytes(65, 'x')), "'" + Bytes(64, 'x') + "'...");
  EXPECT_EQ(printable(Bytes(63, 'x') + "é"), "'" + Bytes(63, 'x') + "'...");
  EXPECT_LE(printable(Bytes(1 << 20, '\0')).size(), 300u);
}

}  // namespace
}  // namespace vkv
