#include "core/graph/eviction.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/tree/mutate.h"
#include "tests/graph/histories.h"
#include "tests/tree/trees.h"

namespace vkv {
namespace {

using Keys = std::vector<std::string>;
using Times = std::vector<std::pair<std::string, std::uint64_t>>;

void record(Touches& touches, std::initializer_list<std::string_view> written) {
  touches.record({written.begin(), written.size()});
}

TEST(SystemKey, StartsItsLastSegmentWithTwoUnderscores) {
  for (const char* key : {"__", "__x", "a/__x", "a/b/__", "/__x"}) EXPECT_TRUE(is_system_key(key));
  for (const char* key : {"", "_x", "x__", "__a/b", "a/_", "a/x__"}) {
    EXPECT_FALSE(is_system_key(key)) << key;
  }
}

TEST(Touches, KeysOfOneRecordShareATime) {
  Memory kv;
  Touches touches(kv);
  record(touches, {"b", "a"});
  record(touches, {"c"});
  EXPECT_EQ(touches.all(), (Times{{"a", 1}, {"b", 1}, {"c", 2}}));
}

TEST(Touches, ReadsComeBeforeInTheOrderOfTheirLatest) {
  Memory kv;
  Touches touches(kv);
  for (const char* key : {"x", "y", "x"}) touches.on_read(key);
  EXPECT_EQ(kv.keys(), Keys{});
  record(touches, {"w"});
  EXPECT_EQ(touches.all(), (Times{{"w", 3}, {"x", 2}, {"y", 1}}));
  record(touches, {"v"});
  EXPECT_EQ(touches.all(), (Times{{"v", 4}, {"w", 3}, {"x", 2}, {"y", 1}}));
}

TEST(Touches, TheNewestWinsAcrossInstances) {
  Memory kv;
  Touches one(kv);
  Touches two(kv);
  one.on_read("k");
  record(two, {"k"});
  record(one, {"other"});
  EXPECT_EQ(two.all(), (Times{{"k", 2}, {"other", 3}}));
}

TEST(Touches, OfVeryManyReadsTheLatestAreRemembered) {
  Memory kv;
  Touches touches(kv);
  for (std::size_t i = 0; i <= Touches::kMostReads; ++i) touches.on_read(std::to_string(i));
  const Keys reads = touches.reads();
  EXPECT_LE(reads.size(), Touches::kMostReads / 2 + 1);
  EXPECT_EQ(reads.back(), std::to_string(Touches::kMostReads));
  EXPECT_EQ(reads.front(), std::to_string(Touches::kMostReads / 2));
}

TEST(Touches, ReadsAloneArePersistedToo) {
  Memory kv;
  Touches touches(kv);
  record(touches, {});
  EXPECT_EQ(kv.keys(), Keys{});
  touches.on_read("");
  record(touches, {});
  EXPECT_EQ(touches.all(), (Times{{"", 1}}));
}

TEST(Touches, AreRemoved) {
  Memory kv;
  Touches touches(kv);
  record(touches, {"a", "b"});
  const std::string_view gone[] = {"a", "missing"};
  touches.remove(gone);
  EXPECT_EQ(touches.all(), (Times{{"b", 1}}));
}

TEST(Touches, DamagedOnesAreCorruption) {
  Memory kv;
  kv.set("touch/k", "short");
  EXPECT_THROW(Touches(kv).all(), Corruption);
  kv.set("touch", "123456789");
  Touches touches(kv);
  EXPECT_THROW(record(touches, {"k"}), Corruption);
}

// The bytes core/FORMAT.md describes.
TEST(Touches, AreStoredAsDescribed) {
  Memory kv;
  Touches touches(kv);
  record(touches, {"k"});
  const Bytes one("\1\0\0\0\0\0\0\0", 8);
  EXPECT_EQ(kv.items(), (KVStore::Entries{{"touch", one}, {"touch/k", one}}));
}

// Keys that were removed, and not evicted, have a touch still.
TEST(Eviction, ForgetsTheTouchesOfKeysThatAreGone) {
  History history;
  const Hash head = history.commit({}, "head", {{"b", "1"}, {"d/__x", "1"}, {"e", "1"}});
  history.repository.refs().swap_head("main", head, std::nullopt);
  Touches touches(history.memory);
  record(touches, {"a", "b", "c", "d/__x", "e", "f"});
  const std::set<std::string, std::less<>> keep{"b"};
  const EvictionRequest request{
      .branch = "main", .commit = head, .keep = &keep, .metadata = with_message("fresh")};

  history.repository.refs().swap_head("other", head, std::nullopt);
  const Eviction fresh = evict(history.repository, touches, request);
  forget_touches(history.repository, touches, fresh);
  EXPECT_EQ(fresh.dropped, Keys{"e"});
  EXPECT_EQ(touches.all().size(), 6U);

  history.repository.refs().delete_branch("other", head);
  EvictionRequest again = request;
  again.commit = fresh.commit;
  forget_touches(history.repository, touches, evict(history.repository, touches, again));
  EXPECT_EQ(touches.all(), (Times{{"b", 1}, {"d/__x", 1}}));
}

}  // namespace
}  // namespace vkv
