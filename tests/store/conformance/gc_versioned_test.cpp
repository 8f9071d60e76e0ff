// engine.md, "GCVersioned": when it rebases, and what that drops.
#include "tests/store/conformance/budget.h"

namespace vkv {
namespace {

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
  EXPECT_EQ(v.last_rebase_result()->dropped_keys, Keys{});
  EXPECT_EQ(to_keys(v.last_rebase_result()->kept_keys), (Keys{"a", "b"}));
  EXPECT_EQ(v.last_rebase_result()->orphans_cleaned, 0U);
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

TEST_F(Eviction, RefusesInfoThatIsNoJsonObject) {
  const auto before = v.commit({{"a", sized(10)}}).commit;
  EXPECT_THROW(v.rebase({.info = "[1]"}), InvalidArgument);
  EXPECT_EQ(v.latest_head(), before);
  EXPECT_EQ(v.commit_info(*v.rebase().new_commit), std::nullopt);
}

TEST_F(Eviction, ResultsSayEverything) {
  const Hash old = commit_long_ago({{"a", sized(10)}, {"b", sized(20)}, {"d/__s", sized(5)}});
  ASSERT_TRUE(Refs(*kv).swap_head("main", old, std::nullopt));
  v.refresh();
  const RebaseResult result = v.rebase({.keep_keys = {{"b"}}});
  EXPECT_TRUE(result.performed);
  EXPECT_EQ(result.new_commit, v.latest_head());
  EXPECT_EQ(result.dropped_keys, Keys{"a"});
  EXPECT_EQ(to_keys(result.kept_keys), (Keys{"b", "d/__s"}));
  EXPECT_EQ(result.total_size_before, 30U);
  EXPECT_EQ(result.total_size_after, 20U);
  EXPECT_EQ(result.orphans_cleaned, 1U);
  EXPECT_EQ(result.error, std::nullopt);
}

TEST_F(Eviction, KeptKeysAreLazy) {
  GCVersioned large(kv, {.high_water_bytes = 1'000'000, .cache_bytes = 0});
  large.commit(many_updates());
  const RebaseResult result = large.rebase();
  kv->reads = 0;
  EXPECT_EQ(*result.kept_keys.begin(), "key100000");
  EXPECT_LT(kv->reads, 10);
  EXPECT_EQ(to_keys(result.kept_keys).size(), 20'000U);
  EXPECT_GT(kv->reads, 50);
}

TEST_F(Eviction, TheLastResultIsOfTheLatestRebaseOrMergedCommit) {
  EXPECT_FALSE(v.last_rebase_result().has_value());
  v.commit({{"a", sized(10)}});
  EXPECT_FALSE(v.last_rebase_result()->performed);
  v.rebase();
  EXPECT_TRUE(v.last_rebase_result()->performed);
  // Neither one that is abandoned nor one that throws is merged.
  Versioned(kv).commit({{"a", "theirs"}});
  EXPECT_FALSE(v.commit({{"a", "ours"}}, {}, {.on_conflict = OnConflict::abandon}));
  EXPECT_THROW(v.commit({{"a", "ours"}}), MergeConflict);
  EXPECT_TRUE(v.last_rebase_result()->performed);
  v.commit({{"b", sized(10)}});
  EXPECT_FALSE(v.last_rebase_result()->performed);
  EXPECT_EQ(v.last_rebase_result()->total_size_after, 16U);
}

TEST_F(Eviction, ARebaseMakesABranchThatDoesNotExist) {
  const auto commit = v.commit({{"a", sized(10)}, {"b", sized(10)}}).commit;
  const auto fresh = v.checkout(*commit, {.branch = "fresh"});
  dynamic_cast<GCVersioned&>(*fresh).rebase({.keep_keys = {{"a"}}});
  EXPECT_EQ(v.list_branches(), (Keys{"fresh", "main"}));
  EXPECT_EQ(fresh->latest_head(), fresh->current_commit());
  EXPECT_EQ(fresh->keys(), Keys{"a"});
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

}  // namespace
}  // namespace vkv
