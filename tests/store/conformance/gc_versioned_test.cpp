// engine.md, "GCVersioned".
#include "core/base/clock.h"
#include "core/kv/disk.h"
#include "tests/kv/failing_store.h"
#include "tests/kv/sqlite_database.h"
#include "tests/kv/temporary_directory.h"
#include "tests/store/conformance/stores.h"

namespace vkv {
namespace {

Bytes sized(std::size_t bytes) { return Bytes(bytes, 'x'); }

struct Budget : testing::Test {
  std::shared_ptr<InterposedStore> kv =
      std::make_shared<InterposedStore>(std::make_shared<Memory>());

  // 100 bytes, down to 80.
  GCVersioned open(const std::string& branch = "main") {
    return GCVersioned(kv, {.high_water_bytes = 100, .branch = branch});
  }
  GCVersioned v{kv, {.high_water_bytes = 100}};
};

using Waters = Budget;

TEST_F(Waters, HighMustBeAboveZero) {
  for (const std::int64_t high : {std::int64_t{0}, std::int64_t{-1}, INT64_MIN}) {
    EXPECT_THROW(GCVersioned(kv, {.high_water_bytes = high}), InvalidArgument);
  }
}

TEST_F(Waters, LowIsEightyPercentUnlessGivenWithinHigh) {
  struct Case {
    std::int64_t high;
    std::optional<std::int64_t> low;
    std::int64_t expected;
  };
  const Case cases[] = {{100, {}, 80},
                        {100, 50, 50},
                        {100, 100, 100},
                        {100, 101, 80},
                        {100, 0, 80},
                        {100, -5, 80},
                        {99, {}, 79},
                        {1, {}, 0},
                        {4, {}, 3},
                        {1, 1, 1},
                        {INT64_MAX, {}, 7'378'697'629'483'820'645}};
  for (const Case& c : cases) {
    const GCVersioned v(kv, {.high_water_bytes = c.high, .low_water_bytes = c.low});
    EXPECT_EQ(v.high_water(), c.high);
    EXPECT_EQ(v.low_water(), c.expected);
  }
}

using Eviction = Budget;

TEST_F(Eviction, NothingHappensUpToTheHighWater) {
  v.commit({{"a", sized(60)}});
  const auto commit = v.commit({{"b", sized(40)}}).commit;
  EXPECT_EQ(v.current_commit(), commit);
  EXPECT_FALSE(v.last_rebase_result()->performed);
  EXPECT_EQ(v.last_rebase_result()->new_commit, std::nullopt);
  EXPECT_EQ(v.last_rebase_result()->total_size_before, 100U);
  EXPECT_EQ(v.last_rebase_result()->total_size_after, 100U);
}

TEST_F(Eviction, BeyondItTheColdestGoUntilTheLowWater) {
  v.commit({{"a", sized(40)}});
  v.commit({{"b", sized(40)}});
  const auto made = v.commit({{"c", sized(30)}}).commit;
  EXPECT_EQ(v.keys(), (Keys{"b", "c"}));
  const RebaseResult& rebase = *v.last_rebase_result();
  EXPECT_TRUE(rebase.performed);
  EXPECT_EQ(rebase.dropped_keys, Keys{"a"});
  EXPECT_EQ(to_keys(rebase.kept_keys), (Keys{"b", "c"}));
  EXPECT_EQ(rebase.total_size_before, 110U);
  EXPECT_EQ(rebase.total_size_after, 70U);
  // The commit that was made is the result; where the instance stands is the fresh root.
  EXPECT_EQ(v.last_merge_result()->commit, made);
  EXPECT_EQ(rebase.new_commit, v.current_commit());
  EXPECT_NE(made, v.current_commit());
  EXPECT_EQ(v.latest_head(), v.current_commit());
}

TEST_F(Eviction, TheNewRootHasNoParents) {
  v.commit({{"a", sized(101)}});
  EXPECT_EQ(v.parents(v.current_commit()), Keys{});
  EXPECT_EQ(v.initial_commit(), v.current_commit());
  EXPECT_EQ(v.keys(), Keys{});
}

TEST_F(Eviction, AlsoHappensAfterAMerge) {
  v.commit({{"a", sized(60)}});
  v.create_branch("other")->commit({{"b", sized(40)}});
  v.commit({{"c", sized(1)}});
  EXPECT_EQ(v.merge("other").strategy, Strategy::three_way);
  EXPECT_TRUE(v.last_rebase_result()->performed);
  EXPECT_EQ(v.last_rebase_result()->dropped_keys, Keys{"a"});
  EXPECT_EQ(v.last_rebase_result()->total_size_before, 101U);
  EXPECT_EQ(v.last_rebase_result()->total_size_after, 41U);
  EXPECT_EQ(v.keys(), (Keys{"b", "c"}));
  EXPECT_EQ(v.latest_head(), v.current_commit());
}

TEST_F(Eviction, DoesNotHappenAfterANoOp) {
  Versioned(kv).commit({{"a", sized(200)}});
  v.refresh();
  EXPECT_EQ(v.commit({}).strategy, Strategy::no_op);
  EXPECT_EQ(v.keys(), Keys{"a"});
  EXPECT_FALSE(v.last_rebase_result()->performed);
}

TEST_F(Eviction, CountsAndDropsUserKeysAlone) {
  v.commit({{"__meta", sized(500)}, {"a/__x", sized(500)}, {"__dir/b", sized(50)}});
  EXPECT_FALSE(v.last_rebase_result()->performed);
  EXPECT_EQ(v.last_rebase_result()->total_size_after, 50U);
  v.commit({{"c", sized(60)}});
  EXPECT_EQ(v.keys(), (Keys{"__meta", "a/__x", "c"}));
  EXPECT_EQ(to_keys(v.last_rebase_result()->kept_keys), v.keys());
}

TEST_F(Eviction, MaybeRebaseRebasesBeyondTheHighWaterOnly) {
  v.commit({{"a", sized(10)}});
  EXPECT_FALSE(v.maybe_rebase().performed);
  Versioned(kv).commit({{"b", sized(200)}});
  v.refresh();
  EXPECT_TRUE(v.maybe_rebase().performed);
  EXPECT_TRUE(v.last_rebase_result()->performed);
}

TEST_F(Eviction, ExplicitRebaseAlwaysPerforms) {
  const auto before = v.commit({{"a", sized(10)}, {"b", sized(10)}}).commit;
  const RebaseResult rebase = v.rebase({.info = "{\"why\":\"asked\"}"});
  EXPECT_TRUE(rebase.performed);
  EXPECT_EQ(rebase.dropped_keys, Keys{});
  EXPECT_NE(v.current_commit(), before);
  EXPECT_EQ(v.parents(v.current_commit()), Keys{});
  EXPECT_EQ(v.commit_info(v.current_commit()), "{\"why\":\"asked\"}");
  EXPECT_EQ(v.keys(), (Keys{"a", "b"}));
}

TEST_F(Eviction, WithKeepKeysAllOtherUserKeysGo) {
  v.commit({{"a", sized(1)}, {"b", sized(1)}, {"c", sized(1)}, {"__s", sized(1)}});
  const RebaseResult rebase = v.rebase({.keep_keys = {{"b", "missing"}}});
  EXPECT_EQ(rebase.dropped_keys, (Keys{"a", "c"}));
  EXPECT_EQ(v.keys(), (Keys{"__s", "b"}));
  EXPECT_EQ(rebase.total_size_after, 1U);
  EXPECT_EQ(v.rebase({.keep_keys = std::set<std::string, std::less<>>{}}).dropped_keys, Keys{"b"});
}

TEST_F(Eviction, AnExplicitRebaseThatLosesTheSwapThrowsAndLosesNothing) {
  v.commit({{"a", sized(10)}});
  std::string faster;
  kv->before_swap = [&] { faster = *Versioned(kv).commit({{"x", "1"}}).commit; };
  const std::string before = v.current_commit();
  EXPECT_THROW(v.rebase(), ConcurrencyError);
  EXPECT_EQ(v.current_commit(), before);
  EXPECT_EQ(v.latest_head(), faster);
  EXPECT_THROW(v.rebase(), ConcurrencyError);
  v.refresh();
  EXPECT_EQ(v.keys(), (Keys{"a", "x"}));
}

TEST_F(Eviction, OneThatLosesInsideCommitIsNoError) {
  v.commit({{"a", sized(90)}});
  std::string faster;
  kv->before_swap = [&] {    // of the commit
    kv->before_swap = [&] {  // of the rebase
      faster = *Versioned(kv).commit({{"x", "1"}}).commit;
    };
  };
  const MergeResult result = v.commit({{"b", sized(20)}});
  EXPECT_TRUE(result.merged);
  EXPECT_FALSE(v.last_rebase_result()->performed);
  EXPECT_EQ(v.current_commit(), result.commit);
  EXPECT_EQ(v.keys(), (Keys{"a", "b"}));
  EXPECT_EQ(v.latest_head(), faster);
}

TEST_F(Eviction, InstancesItMakesHaveTheSameBudget) {
  const auto first = v.commit({{"a", sized(1)}}).commit;
  const auto dev = v.create_branch("dev");
  const auto old = v.checkout(*first);
  for (Versioned* made : {dev.get(), old.get()}) {
    const auto* collected = dynamic_cast<GCVersioned*>(made);
    ASSERT_NE(collected, nullptr);
    EXPECT_EQ(collected->high_water(), 100);
    EXPECT_EQ(collected->low_water(), 80);
  }
}

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

using Orphans = Budget;

TEST_F(Orphans, AreWhatNoRefReachesAndIsOldEnough) {
  v.commit({{"a", "1"}});
  v.commit({{"a", "2"}});
  v.rebase();
  EXPECT_EQ(v.clean_orphans(), 0U);  // too young
  EXPECT_EQ(v.clean_orphans({.min_age = std::chrono::milliseconds(0)}), 2U);
  EXPECT_EQ(v.clean_orphans({.min_age = std::chrono::milliseconds(0)}), 0U);
  EXPECT_EQ(items(v), (Entries{{"a", "2"}}));
  EXPECT_EQ(commits_of(v.history()), Keys{v.current_commit()});
}

TEST_F(Orphans, WhatABranchReachesStays) {
  v.commit({{"a", "1"}});
  v.create_branch("dev");
  v.commit({{"a", "2"}});
  v.rebase();
  EXPECT_EQ(v.clean_orphans({.min_age = std::chrono::milliseconds(0)}), 1U);
  GCVersioned dev = open("dev");
  EXPECT_EQ(items(dev), (Entries{{"a", "1"}}));
}

TEST_F(Orphans, WhatAWorkspaceOfAnSqlTableStandsOnStays) {
  const TemporaryDirectory directory;
  const auto disk = std::make_shared<Disk>(directory / "store");
  GCVersioned stored(disk, {.high_water_bytes = 100});
  const std::string base = *stored.commit({{"a", "1"}}).commit;
  const std::string other = *stored.commit({{"a", "2"}}).commit;
  stored.rebase();
  const auto set_workspaces = [&](const std::string& sql) {
    SqliteDatabase db(directory / "store");
    db.run("DELETE FROM vkv_workspace; DELETE FROM vkv_staged;" + sql);
  };
  const auto clean = [&] {
    return stored.clean_orphans({.min_age = std::chrono::milliseconds(0)});
  };
  const std::string insert = "INSERT INTO vkv_workspace(id, name, branch, base) VALUES(7, ";
  set_workspaces(insert + "'agent', 'main', x'" + base + "')");
  EXPECT_EQ(clean(), 1U);
  EXPECT_NE(stored.checkout(base), nullptr);
  EXPECT_EQ(stored.checkout(other), nullptr);
  set_workspaces(insert + "NULL, 'main', x'" + base +
                 "'); INSERT INTO vkv_staged VALUES(7, x'61', 0, 1)");
  EXPECT_EQ(clean(), 0U);
  set_workspaces(insert + "NULL, 'main', x'" + base + "')");
  EXPECT_EQ(clean(), 1U);
}

TEST_F(Orphans, MinAgeZeroIsRefusedWithoutAnExclusiveSection) {
  kv->has_exclusive = false;
  v.commit({{"a", "1"}});
  EXPECT_THROW(v.clean_orphans({.min_age = std::chrono::milliseconds(0)}), InvalidArgument);
  EXPECT_THROW(v.clean_orphans({.min_age = std::chrono::milliseconds(-1)}), InvalidArgument);
  EXPECT_EQ(v.clean_orphans(), 0U);
}

TEST_F(Orphans, RebaseCleansThoseOldEnough) {
  NodeCache cache(1 << 20);
  Repository repository(
      *kv, cache, {.clock = [] { return system_milliseconds() - std::int64_t{2} * 3'600'000; }});
  CommitMetadata metadata;
  metadata.message = "old";
  const Hash old = repository.create_commit(empty_root(), {root_commit_hash()}, metadata);
  repository.flush();
  ASSERT_TRUE(repository.refs().swap_head("main", old, std::nullopt));
  v.refresh();
  EXPECT_EQ(v.rebase().orphans_cleaned, 1U);
  EXPECT_EQ(v.checkout(old.hex()), nullptr);
  v.commit({{"a", "1"}});
  EXPECT_EQ(v.rebase().orphans_cleaned, 0U);  // too young
}

// A store that fails at the n-th call from `arm` on: that call alone, or every one from it.
struct Failures : testing::TestWithParam<bool> {
  void arm(std::size_t n) { GetParam() ? kv->fail_at(n) : kv->fail_from(n); }
  // Starts anew, with one commit of 60 of 100 bytes.
  void restart() {
    memory = std::make_unique<Memory>();
    kv = std::make_shared<FailingStore>(*memory);
    v = std::make_shared<GCVersioned>(kv, GCVersionedOptions{.high_water_bytes = 100});
    v->commit({{"a", sized(60)}});
    before = v->current_commit();
  }

  std::unique_ptr<Memory> memory;
  std::shared_ptr<FailingStore> kv;
  std::shared_ptr<GCVersioned> v;
  std::string before;
};

INSTANTIATE_TEST_SUITE_P(OneOrAll, Failures, testing::Bool());

TEST_P(Failures, ACommitStandsOrChangesNothing) {
  int thrown = 0;
  int reported = 0;
  for (std::size_t n = 1;; ++n) {
    SCOPED_TRACE(n);
    restart();
    Staged s(v);
    s.set("b", sized(60));
    arm(n);
    bool threw = false;
    try {
      s.commit();
    } catch (const InjectedFailure&) {
      threw = true;
    }
    kv->repair();
    EXPECT_EQ(s.has_changes(), threw);
    EXPECT_EQ(v->current_commit(), v->latest_head());
    EXPECT_EQ(v->current_commit() == before, threw);
    const std::optional<std::string> error = v->last_rebase_result()->error;
    if (!threw && !error) break;
    ++(threw ? thrown : reported);
    EXPECT_EQ(error.value_or("thrown"), threw ? "thrown" : "injected failure");
    // What was kept from happening does with the next commit.
    s.set("c", "1");
    EXPECT_TRUE(s.commit());
    EXPECT_EQ(v->last_rebase_result()->error, std::nullopt);
    EXPECT_LE(v->last_rebase_result()->total_size_after, 100U);
    EXPECT_TRUE(v->contains("c"));
  }
  EXPECT_GT(thrown, 0);
  EXPECT_GT(reported, 0);
}

TEST_P(Failures, ARebaseStandsOrChangesNothing) {
  int thrown = 0;
  int reported = 0;
  for (std::size_t n = 1;; ++n) {
    SCOPED_TRACE(n);
    restart();
    v->get("a");
    arm(n);
    RebaseResult result;
    try {
      result = v->rebase({.keep_keys = std::set<std::string, std::less<>>{}});
    } catch (const InjectedFailure&) {
    }
    kv->repair();
    EXPECT_EQ(v->current_commit(), v->latest_head());
    EXPECT_EQ(v->current_commit() != before, result.performed);
    EXPECT_EQ(v->keys(), result.performed ? Keys{} : Keys{"a"});
    if (result.performed && !result.error) break;
    ++(result.performed ? reported : thrown);
  }
  EXPECT_GT(thrown, 0);
  EXPECT_GT(reported, 0);
}

}  // namespace
}  // namespace vkv
