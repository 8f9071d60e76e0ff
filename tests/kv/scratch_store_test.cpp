#include "core/kv/scratch_store.h"

#include "core/kv/memory.h"
#include "tests/kv/contract.h"

namespace vkv {
namespace {

// A scratch store that owns what is beneath it: nothing, or other keys, all removed.
struct Owned {
  Memory beneath;
  ScratchStore scratch{beneath};
};

std::shared_ptr<KVStore> over_nothing() {
  const auto owned = std::make_shared<Owned>();
  return {owned, &owned->scratch};
}

std::shared_ptr<KVStore> over_removed_keys() {
  const auto owned = std::make_shared<Owned>();
  for (const char* key : {"a", "b", "k", "zz"}) owned->beneath.set(key, "beneath");
  owned->scratch.clear();
  return {owned, &owned->scratch};
}

INSTANTIATE_TEST_SUITE_P(ScratchStore, KVStoreContract,
                         testing::Values(Backend{"over_nothing", over_nothing},
                                         Backend{"over_removed_keys", over_removed_keys}),
                         [](const auto& test) { return test.param.name; });

class ScratchStoreTest : public testing::Test {
 protected:
  ScratchStoreTest() {
    beneath_.set("a", "1");
    beneath_.set("b", "2");
    beneath_.set("c", "3");
  }

  using Entries = KVStore::Entries;
  Memory beneath_;
  const Entries before_{{"a", "1"}, {"b", "2"}, {"c", "3"}};
};

TEST_F(ScratchStoreTest, OverlaysWhatIsBeneathAndLeavesItAlone) {
  ScratchStore scratch(beneath_);
  EXPECT_EQ(scratch.items(), before_);
  scratch.set("b", "changed");
  scratch.set("bb", "new");
  scratch.remove("c");
  EXPECT_FALSE(scratch.cas("a", "swapped", "2"));
  EXPECT_TRUE(scratch.cas("a", "swapped", "1"));
  EXPECT_FALSE(scratch.cas("b", "x", "2"));
  EXPECT_TRUE(scratch.cas("c", "back", std::nullopt));
  EXPECT_EQ(scratch.items(),
            (Entries{{"a", "swapped"}, {"b", "changed"}, {"bb", "new"}, {"c", "back"}}));
  EXPECT_EQ(scratch.items("b"), (Entries{{"b", "changed"}, {"bb", "new"}}));
  scratch.clear();
  EXPECT_EQ(scratch.items(), Entries{});
  EXPECT_EQ(beneath_.items(), before_);
}

TEST_F(ScratchStoreTest, MayRememberTheLatestBatchOnly) {
  ScratchStore scratch(beneath_, ScratchStore::Memory::latest_batch);
  scratch.set("x", "1");
  EXPECT_EQ(scratch.get("x"), "1");
  scratch.set("y", "2");
  EXPECT_EQ(scratch.items("x"), Entries{});
  EXPECT_EQ(scratch.get("y"), "2");
  EXPECT_EQ(scratch.get("a"), "1");
  EXPECT_EQ(beneath_.items(), before_);
}

}  // namespace
}  // namespace vkv
