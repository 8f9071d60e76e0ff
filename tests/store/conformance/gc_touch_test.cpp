// engine.md, "GCVersioned": touches.
#include "core/kv/disk.h"
#include "tests/kv/temporary_directory.h"
#include "tests/store/conformance/budget.h"

namespace vkv {
namespace {

using Touch = Budget;

// The order in which a, b and c, 30 bytes each and committed in this order, are dropped after
// `use`.
Keys order_after(const std::shared_ptr<KVStore>& kv, const std::function<void(GCVersioned&)>& use) {
  GCVersioned v(kv, {.high_water_bytes = 100});
  for (const char* key : {"a", "b", "c"}) v.commit({{key, sized(30)}});
  use(v);
  v.commit({{"z", sized(1)}});
  Keys dropped;
  for (int left : {2, 1, 0}) {
    GCVersioned evicting(kv, {.high_water_bytes = 100, .low_water_bytes = 30 * left + 1});
    for (const std::string& key : evicting.rebase().dropped_keys) dropped.push_back(key);
  }
  return dropped;
}

TEST_F(Touch, TheNewestWins) {
  struct Case {
    const char* what;
    std::function<void(GCVersioned&)> use;
    Keys expected;
  };
  const Case cases[] = {
      {"nothing", [](GCVersioned&) {}, {"a", "b", "c"}},
      {"get", [](GCVersioned& v) { v.get("a"); }, {"b", "c", "a"}},
      {"get_many",
       [](GCVersioned& v) {
         v.get_many({"b", "a"});
       },
       {"c", "b", "a"}},
      {"get twice",
       [](GCVersioned& v) {
         v.get("a");
         v.get("b");
         v.get("a");
       },
       {"c", "b", "a"}},
      {"write",
       [](GCVersioned& v) {
         v.commit({{"a", Bytes(30, 'y')}});
       },
       {"b", "c", "a"}},
      {"scans, keys and contains",
       [](GCVersioned& v) {
         v.keys();
         v.contains("a");
         v.visit_keys("a", [](std::string_view) { return true; });
       },
       {"a", "b", "c"}},
      {"reads of other versions",
       [](GCVersioned& v) {
         v.create_branch("dev");
         v.peek("a", "dev");
         v.diff(v.initial_commit(), v.current_commit());
       },
       {"a", "b", "c"}},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(order_after(std::make_shared<Memory>(), c.use), c.expected) << c.what;
  }
}

TEST_F(Touch, KeysOfOneCommitTieTheLargestFirstThenInKeyOrder) {
  v.commit({{"a", sized(10)}, {"b", sized(30)}, {"c", sized(10)}, {"d", sized(20)}});
  Keys dropped;
  for (const int low : {69, 39, 19, 9}) {
    GCVersioned evicting(kv, {.high_water_bytes = 100, .low_water_bytes = low});
    for (const std::string& key : evicting.rebase().dropped_keys) dropped.push_back(key);
  }
  EXPECT_EQ(dropped, (Keys{"b", "d", "a", "c"}));
}

TEST_F(Touch, ReadsWriteNothingUntilTheNextCommit) {
  v.commit({{"a", "1"}});
  const int before = kv->writes;
  v.get("a");
  v.get_many({"a"});
  v.keys();
  EXPECT_EQ(kv->writes, before);
}

TEST_F(Touch, ARebaseCountsWhatItsInstanceHasReadSinceItsLastCommit) {
  GCVersioned one(kv, {.high_water_bytes = 50, .low_water_bytes = 30});
  one.commit({{"a", sized(20)}});
  one.commit({{"b", sized(20)}});
  one.get("a");
  EXPECT_EQ(one.rebase().dropped_keys, Keys{"b"});
}

TEST_F(Touch, NeverEntersAHash) {
  Versioned plain;
  v.commit({{"a", "1"}});
  v.get("a");
  v.commit({{"b", "1"}});
  plain.commit({{"a", "1"}});
  plain.commit({{"b", "1"}});
  EXPECT_EQ(v.current_commit(), plain.current_commit());
}

TEST_F(Touch, IsPerStoreAcrossBranchesAndInstances) {
  v.commit({{"a", sized(30)}});
  v.commit({{"b", sized(30)}});
  GCVersioned other = open("dev");
  other.commit({{"a", sized(5)}});  // touches a, on another branch
  v.commit({{"c", sized(45)}});
  EXPECT_EQ(v.keys(), (Keys{"a", "c"}));
}

TEST_F(Touch, OrderSurvivesReopening) {
  const TemporaryDirectory directory;
  const auto file = directory / "store";
  for (const char* key : {"a", "b", "c"}) {
    GCVersioned(std::make_shared<Disk>(file), {.high_water_bytes = 100}).commit({{key, sized(30)}});
  }
  {
    GCVersioned reader(std::make_shared<Disk>(file), {.high_water_bytes = 100});
    reader.get("a");
    reader.commit({{"d", "1"}});
  }
  GCVersioned last(std::make_shared<Disk>(file), {.high_water_bytes = 100});
  last.commit({{"e", sized(15)}});
  EXPECT_EQ(last.last_rebase_result()->dropped_keys, (Keys{"b"}));
}

}  // namespace
}  // namespace vkv
