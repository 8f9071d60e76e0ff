#include "core/base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vkv {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(MergeConflict, NamesItsKeys) {
  const MergeConflict one({"a"}, {});
  EXPECT_STREQ(one.what(), "merge conflict on 1 key: 'a'");
  const MergeConflict two({"a", "b"}, {{"b", "boom"}});
  EXPECT_STREQ(two.what(), "merge conflict on 2 keys: 'a', 'b'");
  EXPECT_EQ(two.conflicting_keys(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(two.merge_errors().at("b"), "boom");
}

TEST(MergeConflict, ShowsTwentyKeysAndTheCount) {
  std::vector<std::string> keys;
  for (char c = 'a'; c <= 'u'; ++c) keys.emplace_back(1, c);
  const MergeConflict conflict(keys, {});
  EXPECT_THAT(conflict.what(), HasSubstr("21 keys"));
  EXPECT_THAT(conflict.what(), HasSubstr("'t', ..."));
  EXPECT_THAT(conflict.what(), Not(HasSubstr("'u'")));
  EXPECT_EQ(conflict.conflicting_keys().size(), 21u);
}

TEST(Errors, FormOneHierarchy) {
  EXPECT_THROW(throw NoCommonAncestor("x"), ConcurrencyError);
  EXPECT_THROW(throw StorageError(5, "x"), Error);
  EXPECT_THROW(throw Corruption("x"), Error);
  EXPECT_EQ(StorageError(5, "x").code(), 5);
}

}  // namespace
}  // namespace vkv
