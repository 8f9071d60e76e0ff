#include "core/base/bytes.h"

#include <gtest/gtest.h>

namespace vkv {
namespace {

using namespace std::string_literals;

TEST(Hex, TwoLowerCaseDigitsAByte) {
  EXPECT_EQ(to_hex(""), "");
  EXPECT_EQ(to_hex("\x00\x01\x7f\x80\xff"s), "00017f80ff");
}

TEST(Hex, ReadsEitherCase) {
  EXPECT_EQ(from_hex(""), Bytes());
  EXPECT_EQ(from_hex("00017f80ff"), "\x00\x01\x7f\x80\xff"s);
  EXPECT_EQ(from_hex("aAbBcCdDeEfF"), from_hex("aabbccddeeff"));
}

TEST(Hex, RefusesAnythingElse) {
  for (const char* bad : {"0", "000", "0g", "g0", " 0", "0x", "0/", "0:", "0@", "0G", "0`"}) {
    EXPECT_EQ(from_hex(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace vkv
