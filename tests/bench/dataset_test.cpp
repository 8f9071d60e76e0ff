#include "tests/bench/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace vkv::bench {
namespace {

using testing::MatchesRegex;

TEST(Dataset, KeysAreUserAndSixteenHexDigits) {
  EXPECT_EQ(Key(0x0123456789abcdef).view(), "user/0123456789abcdef");
  EXPECT_THAT(std::string(Dataset::key(0).view()), MatchesRegex("user/[0-9a-f]{16}"));
}

TEST(Dataset, NoTwoRowsHaveOneKeyAndMissingKeysAreNone) {
  std::set<std::string> keys;
  for (std::uint64_t n = 0; n < 10'000; ++n) {
    keys.emplace(Dataset::key(n).view());
    keys.emplace(Dataset::missing_key(n).view());
  }
  EXPECT_EQ(keys.size(), 20'000u);
}

TEST(Dataset, KeysComeInRandomOrder) {
  int ascending = 0;
  for (std::uint64_t n = 0; n < 1'000; ++n) {
    ascending += Dataset::key(n).view() < Dataset::key(n + 1).view();
  }
  EXPECT_NEAR(ascending, 500, 100);
}

TEST(Dataset, ValuesDependOnRowAndVersionAlone) {
  const Dataset a;
  const Dataset b;
  EXPECT_EQ(a.value(7, 1), b.value(7, 1));
  EXPECT_EQ(a.value(7, 1).size(), Dataset::kValueSize);
  EXPECT_NE(a.value(7, 1), a.value(8, 1));
  EXPECT_NE(a.value(7, 1), a.value(7, 2));
}

}  // namespace
}  // namespace vkv::bench
