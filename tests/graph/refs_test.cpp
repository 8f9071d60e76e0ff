#include "core/graph/refs.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/kv/memory.h"
#include "tests/graph/cas_only_store.h"

namespace vkv {
namespace {

using Branches = std::map<std::string, Hash>;

const Hash kOne = sha256("one");
const Hash kTwo = sha256("two");

template <typename Store>
class RefsTest : public testing::Test {
 protected:
  Store store_;
  Refs refs_{store_};
};
using Stores = testing::Types<Memory, CasOnlyStore>;
TYPED_TEST_SUITE(RefsTest, Stores);

TYPED_TEST(RefsTest, StartsWithout) {
  EXPECT_EQ(this->refs_.head("main"), std::nullopt);
  EXPECT_EQ(this->refs_.tag("v1"), std::nullopt);
  EXPECT_TRUE(this->refs_.branches().empty());
  EXPECT_TRUE(this->refs_.tags().empty());
}

TYPED_TEST(RefsTest, HeadsMoveByCompareAndSwap) {
  EXPECT_FALSE(this->refs_.swap_head("main", kOne, kTwo));
  EXPECT_TRUE(this->refs_.swap_head("main", kOne, std::nullopt));
  EXPECT_FALSE(this->refs_.swap_head("main", kTwo, std::nullopt));
  EXPECT_FALSE(this->refs_.swap_head("main", kTwo, kTwo));
  EXPECT_EQ(this->refs_.head("main"), kOne);
  EXPECT_TRUE(this->refs_.swap_head("main", kTwo, kOne));
  EXPECT_EQ(this->refs_.head("main"), kTwo);
}

TYPED_TEST(RefsTest, ListsBranchesByName) {
  this->refs_.swap_head("b", kOne, std::nullopt);
  this->refs_.swap_head("a/x", kTwo, std::nullopt);
  this->refs_.create_tag("t", {.commit = kOne, .message = {}, .time = {}});
  EXPECT_EQ(this->refs_.branches(), (Branches{{"a/x", kTwo}, {"b", kOne}}));
}

TYPED_TEST(RefsTest, DeletesTheBranchThatIsExpected) {
  this->refs_.swap_head("a", kOne, std::nullopt);
  EXPECT_FALSE(this->refs_.delete_branch("a", kTwo));
  EXPECT_FALSE(this->refs_.delete_branch("b", kOne));
  EXPECT_EQ(this->refs_.head("a"), kOne);
  EXPECT_TRUE(this->refs_.delete_branch("a", kOne));
  EXPECT_EQ(this->refs_.head("a"), std::nullopt);
  EXPECT_TRUE(this->refs_.branches().empty());
  EXPECT_FALSE(this->refs_.delete_branch("a", kOne));
}

TYPED_TEST(RefsTest, ADeletedBranchCanBeMadeAnew) {
  this->refs_.swap_head("a", kOne, std::nullopt);
  this->refs_.delete_branch("a", kOne);
  EXPECT_FALSE(this->refs_.swap_head("a", kTwo, kOne));
  EXPECT_TRUE(this->refs_.swap_head("a", kTwo, std::nullopt));
  EXPECT_FALSE(this->refs_.swap_head("a", kOne, std::nullopt));
  EXPECT_EQ(this->refs_.branches(), (Branches{{"a", kTwo}}));
}

TYPED_TEST(RefsTest, Tags) {
  const Tag full{.commit = kOne, .message = "first", .time = -5};
  const Tag bare{.commit = kTwo, .message = {}, .time = {}};
  EXPECT_TRUE(this->refs_.create_tag("v1", full));
  EXPECT_TRUE(this->refs_.create_tag("v2", bare));
  EXPECT_FALSE(this->refs_.create_tag("v1", bare));
  EXPECT_EQ(this->refs_.tag("v1"), full);
  EXPECT_EQ(this->refs_.tags(), (std::map<std::string, Tag>{{"v1", full}, {"v2", bare}}));
  EXPECT_TRUE(this->refs_.delete_tag("v1"));
  EXPECT_FALSE(this->refs_.delete_tag("v1"));
  EXPECT_EQ(this->refs_.tag("v1"), std::nullopt);
}

TYPED_TEST(RefsTest, RefusesNamesThatAreNone) {
  EXPECT_THROW(this->refs_.swap_head("a b", kOne, std::nullopt), InvalidArgument);
  EXPECT_THROW(this->refs_.create_tag("HEAD", {.commit = kOne, .message = {}, .time = {}}),
               InvalidArgument);
  EXPECT_EQ(this->store_.keys(), std::vector<std::string>{});
}

TYPED_TEST(RefsTest, ReportsDamage) {
  this->store_.set("heads/a", "short");
  EXPECT_THROW(this->refs_.head("a"), Corruption);
  EXPECT_THROW(this->refs_.branches(), Corruption);
  this->refs_.create_tag("t", {.commit = kOne, .message = "m", .time = 1});
  const Bytes tag = *this->store_.get("tags/t");
  for (std::size_t size = 0; size < tag.size(); ++size) {
    this->store_.set("tags/t", tag.substr(0, size));
    EXPECT_THROW(this->refs_.tag("t"), Corruption) << size;
    EXPECT_THROW(this->refs_.tags(), Corruption) << size;
  }
  this->store_.set("tags/t", tag + "x");
  EXPECT_THROW(this->refs_.tag("t"), Corruption);
  this->store_.set("tags/t", "\x80" + tag.substr(1));
  EXPECT_THROW(this->refs_.tag("t"), Unsupported);
}

TEST(Refs, ADeletedBranchLeavesNothingWhereTheStoreIsExclusive) {
  Memory memory;
  Refs refs(memory);
  refs.swap_head("a", kOne, std::nullopt);
  refs.delete_branch("a", kOne);
  EXPECT_EQ(memory.keys(), std::vector<std::string>{});
}

}  // namespace
}  // namespace vkv
