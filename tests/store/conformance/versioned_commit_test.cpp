// engine.md, "Versioned": opening, reading and committing.
#include "core/graph/commit.h"
#include "tests/store/conformance/stores.h"

namespace vkv {
namespace {

// Opening and reading.

TEST(Open, IsAtTheHeadOfMain) {
  const auto kv = std::make_shared<Memory>();
  const auto commit = Versioned(kv).commit({{"k", "v"}}).commit;
  Versioned v(kv);
  EXPECT_EQ(v.current_branch(), "main");
  EXPECT_EQ(v.current_commit(), commit);
  EXPECT_EQ(v.get("k"), "v");
}

TEST(Open, ABranchThatDoesNotExistStartsAtTheRootCommit) {
  Versioned v;
  EXPECT_EQ(v.current_commit(), root_commit_hash().hex());
  EXPECT_EQ(v.keys(), Keys{});
  EXPECT_EQ(v.parents(v.current_commit()), Keys{});
  EXPECT_EQ(v.commit_metadata(v.current_commit()), CommitMetadata{});
  EXPECT_EQ(v.latest_head(), std::nullopt);
}

TEST(Open, TheRootCommitIsTheSameInEveryStore) {
  EXPECT_EQ(Versioned().current_commit(), Versioned(std::make_shared<Memory>()).current_commit());
}

TEST(Open, AtACommit) {
  const auto kv = std::make_shared<Memory>();
  Versioned first(kv);
  const auto commit = first.commit({{"k", "1"}}).commit;
  first.commit({{"k", "2"}});
  EXPECT_EQ(Versioned(kv, {.commit_hash = commit}).get("k"), "1");
}

TEST(Open, RefusesAnUnknownCommit) {
  EXPECT_THROW(Versioned(std::make_shared<Memory>(), {.commit_hash = kUnknownCommit}),
               InvalidArgument);
  EXPECT_THROW(Versioned(std::make_shared<Memory>(), {.commit_hash = "main"}), InvalidArgument);
}

TEST(Open, RefusesABranchNameThatIsNone) {
  EXPECT_THROW(Versioned(std::make_shared<Memory>(), {.branch = "HEAD"}), InvalidArgument);
  EXPECT_THROW(Versioned(nullptr), InvalidArgument);
}

TEST(Open, TwoInstancesAreIndependentWriters) {
  TwoWriters w;
  w.theirs.commit({{"k", "theirs"}});
  EXPECT_EQ(w.ours.get("k"), std::nullopt);
}

TEST(Read, IsFromTheCurrentCommit) {
  Versioned v;
  v.commit({{"a", "1"}, {"b", "2"}});
  EXPECT_EQ(v.get("a"), "1");
  EXPECT_EQ(v.get("c"), std::nullopt);
  EXPECT_EQ(v.get_many({"a", "c"}), (Entries{{"a", "1"}}));
  EXPECT_EQ(v.keys(), (Keys{"a", "b"}));
  EXPECT_TRUE(v.contains("b"));
  EXPECT_FALSE(v.contains("c"));
}

// Committing.

TEST(Commit, AppliesUpdatesAndRemovals) {
  Versioned v;
  v.commit({{"a", "1"}, {"b", "1"}});
  v.commit({{"b", "2"}, {"c", "2"}}, {"a"});
  EXPECT_EQ(items(v), (Entries{{"b", "2"}, {"c", "2"}}));
}

TEST(Commit, ValidatesOnConflictBeforeAnythingElse) {
  Versioned v;
  for (const OnConflict bad : {OnConflict::ours, OnConflict::theirs, static_cast<OnConflict>(9)}) {
    EXPECT_THROW(v.commit({}, {}, {.on_conflict = bad}), InvalidArgument);
    EXPECT_THROW(v.commit({{"k", "v"}}, {}, {.on_conflict = bad}), InvalidArgument);
  }
  EXPECT_EQ(v.latest_head(), std::nullopt);
}

TEST(Commit, RefusesAKeyThatIsBothUpdatedAndRemovedNamingIt) {
  Versioned v;
  try {
    v.commit({{"twice", "v"}}, {"twice"});
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("twice"));
  }
  EXPECT_EQ(v.latest_head(), std::nullopt);
}

TEST(Commit, RefusesInfoThatIsNoJsonObjectAndTextThatIsNoUtf8) {
  Versioned v;
  EXPECT_THROW(v.commit({}, {}, {.info = "[1]"}), InvalidArgument);
  EXPECT_THROW(v.commit({}, {}, {.info = "{"}), InvalidArgument);
  EXPECT_THROW(v.commit({}, {}, {.message = "\xff"}), InvalidArgument);
  EXPECT_THROW(v.commit({}, {}, {.author = "\xff"}), InvalidArgument);
  EXPECT_EQ(v.latest_head(), std::nullopt);
}

TEST(Commit, NothingToDoIsANoOp) {
  Versioned v;
  v.commit({{"k", "v"}});
  const std::string before = v.current_commit();
  const std::pair<Updates, Removals> cases[] = {
      {{}, {}}, {{{"k", "v"}}, {}}, {{}, {"missing"}}, {{{"k", "v"}}, {"missing"}}};
  for (const auto& [updates, removals] : cases) {
    const MergeResult result = v.commit(updates, removals, {.author = "a", .time = 5});
    EXPECT_EQ(result.strategy, Strategy::no_op);
    EXPECT_TRUE(result.merged);
    EXPECT_EQ(result.commit, before);
    EXPECT_EQ(v.current_commit(), before);
  }
}

TEST(Commit, AnInfoOrAMessageMakesACommitOfNothing) {
  Versioned v;
  EXPECT_EQ(v.commit({}, {}, {.info = "{}"}).strategy, Strategy::fast_forward);
  EXPECT_EQ(v.commit({}, {}, {.message = "m"}).strategy, Strategy::fast_forward);
  EXPECT_EQ(commits_of(v.history()).size(), 3U);
}

TEST(Commit, OnTheHeadIsAFastForward) {
  Versioned v;
  const std::string base = v.base_commit();
  const MergeResult first = v.commit({{"k", "1"}});
  EXPECT_EQ(first.strategy, Strategy::fast_forward);
  EXPECT_EQ(v.parents(*first.commit), Keys{base});
  const MergeResult second = v.commit({{"k", "2"}});
  EXPECT_EQ(second.strategy, Strategy::fast_forward);
  EXPECT_EQ(v.parents(*second.commit), Keys{*first.commit});
  EXPECT_EQ(v.latest_head(), second.commit);
  EXPECT_EQ(v.base_commit(), *second.commit);
}

TEST(Commit, WhenTheSwapFailsItIsAConcurrencyErrorAndNothingHasChanged) {
  const auto kv = std::make_shared<Memory>();
  const auto racing = std::make_shared<InterposedStore>(kv);
  Versioned v(racing);
  v.commit({{"k", "1"}});
  const std::string before = v.current_commit();
  std::string faster;
  racing->before_swap = [&] { faster = *Versioned(kv).commit({{"x", "1"}}).commit; };
  EXPECT_THROW(v.commit({{"k", "2"}}), ConcurrencyError);
  EXPECT_EQ(v.current_commit(), before);
  EXPECT_EQ(v.get("k"), "1");
  EXPECT_EQ(v.latest_head(), faster);
  // As the document's example goes on: refresh, and do it again.
  v.refresh();
  v.commit({{"k", "2"}});
  EXPECT_EQ(items(v), (Entries{{"k", "2"}, {"x", "1"}}));
}

TEST(Commit, TheFirstCommitOfABranchSwapsFromAbsent) {
  const auto kv = std::make_shared<Memory>();
  const auto racing = std::make_shared<InterposedStore>(kv);
  Versioned v(racing);
  racing->before_swap = [&] { Versioned(kv).commit({{"x", "1"}}); };
  EXPECT_THROW(v.commit({{"k", "2"}}), ConcurrencyError);
}

TEST(Commit, WhenTheHeadHasMovedItIsMergedThreeWay) {
  TwoWriters w;
  const auto theirs = w.theirs.commit({{"t", "1"}});
  const std::string base = w.ours.base_commit();
  const MergeResult result = w.ours.commit(
      {{"o", "1"}}, {}, {.info = "{\"n\":1}", .message = "m", .author = "a", .time = 7});
  EXPECT_EQ(result.strategy, Strategy::three_way);
  EXPECT_EQ(items(w.ours), (Entries{{"base", "0"}, {"o", "1"}, {"t", "1"}}));

  // The parents are their head and our commit, in that order; what was said belongs to the merge.
  const Keys parents = w.ours.parents(*result.commit);
  ASSERT_EQ(parents.size(), 2U);
  EXPECT_EQ(parents[0], theirs.commit);
  EXPECT_EQ(w.ours.parents(parents[1]), Keys{base});
  EXPECT_EQ(w.ours.commit_metadata(parents[1]), CommitMetadata{});
  EXPECT_EQ(w.ours.diff(base, parents[1]).added, std::set<std::string>{"o"});
  const CommitMetadata expected{"m", "a", 7, "{\"n\":1}"};
  EXPECT_EQ(w.ours.commit_metadata(*result.commit), expected);
}

TEST(Commit, AThreeWayMergeThatLosesTheSwapIsAConcurrencyError) {
  const auto kv = std::make_shared<Memory>();
  const auto racing = std::make_shared<InterposedStore>(kv);
  Versioned v(racing);
  v.commit({{"k", "1"}});
  Versioned(kv).commit({{"x", "1"}});
  racing->before_swap = [&] { Versioned(kv).commit({{"y", "1"}}); };
  EXPECT_THROW(v.commit({{"k", "2"}}), ConcurrencyError);
  EXPECT_EQ(v.get("k"), "1");
  v.commit({{"k", "2"}});
  EXPECT_EQ(items(v), (Entries{{"k", "2"}, {"x", "1"}, {"y", "1"}}));
}

TEST(Commit, HistoriesThatShareNothingAreNoCommonAncestor) {
  const auto kv = std::make_shared<Memory>();
  GCVersioned rebasing(kv, {.high_water_bytes = 1000});
  rebasing.commit({{"k", "1"}});
  Versioned v(kv);
  rebasing.rebase();
  try {
    v.commit({{"k", "2"}});
    FAIL();
  } catch (const NoCommonAncestor& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("rebase"));
    EXPECT_THAT(error.what(), testing::HasSubstr("refresh"));
  }
  EXPECT_EQ(v.get("k"), "1");
}

TEST(Commit, AbandonTurnsAConflictIntoAResult) {
  TwoWriters w;
  w.theirs.commit({{"base", "t"}});
  const std::string before = w.ours.current_commit();
  const MergeResult result =
      w.ours.commit({{"base", "o"}}, {}, {.on_conflict = OnConflict::abandon});
  EXPECT_FALSE(result);
  EXPECT_FALSE(result.merged);
  EXPECT_EQ(result.commit, std::nullopt);
  EXPECT_EQ(result.strategy, Strategy::three_way);
  EXPECT_EQ(to_keys(result.carried_keys), Keys{});
  EXPECT_EQ(w.ours.current_commit(), before);
  EXPECT_EQ(w.ours.get("base"), "0");
  EXPECT_EQ(w.ours.latest_head(), w.theirs.current_commit());
}

TEST(Commit, AbandonTurnsALostSwapIntoAResult) {
  const auto kv = std::make_shared<Memory>();
  const auto racing = std::make_shared<InterposedStore>(kv);
  Versioned v(racing);
  v.commit({{"k", "1"}});
  racing->before_swap = [&] { Versioned(kv).commit({{"x", "1"}}); };
  const MergeResult result = v.commit({{"k", "2"}}, {}, {.on_conflict = OnConflict::abandon});
  EXPECT_FALSE(result);
  EXPECT_EQ(result.strategy, Strategy::fast_forward);
  EXPECT_EQ(v.get("k"), "1");
}

TEST(Commit, AbandonTurnsNoCommonAncestorIntoAResult) {
  const auto kv = std::make_shared<Memory>();
  GCVersioned rebasing(kv, {.high_water_bytes = 1000});
  rebasing.commit({{"k", "1"}});
  Versioned v(kv);
  rebasing.rebase();
  const MergeResult result = v.commit({{"k", "2"}}, {}, {.on_conflict = OnConflict::abandon});
  EXPECT_FALSE(result);
  EXPECT_EQ(result.strategy, Strategy::three_way);
}

TEST(Commit, AFailureLeavesNoNewReachableObject) {
  TwoWriters w;
  w.theirs.commit({{"base", "t"}});
  EXPECT_THROW(w.ours.commit({{"base", "o"}}), MergeConflict);
  EXPECT_EQ(commits_of(w.theirs.history({.all_parents = true})).size(), 3U);
  // Nor anything queued: the next commit writes itself alone.
  w.ours.refresh();
  w.ours.commit({{"other", "1"}});
  EXPECT_EQ(commits_of(w.ours.history({.all_parents = true})).size(), 4U);
}

// Garbage collection may be about to take what the store has but no branch reaches.
TEST(Commit, IsOneBatchWithAllThatItsParentsDoNotReach) {
  const auto kv = std::make_shared<InterposedStore>(std::make_shared<Memory>());
  Versioned v(kv);
  const auto batch_of = [&](const Updates& updates, const CommitOptions& options = {}) {
    kv->batches.clear();
    const Bytes commit =
        "c" + Bytes(Hash::from_hex(*v.commit(updates, {}, options).commit)->view());
    EXPECT_EQ(kv->batches.size(), 1U);
    std::set<std::string> batch(kv->batches.at(0).begin(), kv->batches.at(0).end());
    EXPECT_EQ(batch.erase(commit), 1U);
    return batch;
  };
  const std::string start = v.current_commit();
  const auto first = batch_of({{"large", Bytes(10'000, 'x')}});
  EXPECT_EQ(first.size(), 2U);  // a node and a blob
  v.reset_to(start);
  EXPECT_EQ(batch_of({{"large", Bytes(10'000, 'x')}}, {.message = "again"}), first);
  // What the parent reaches need not be written.
  EXPECT_EQ(batch_of({{"small", "x"}}).size(), 1U);
}

TEST(Commit, AFailingStoreLeavesTheInstanceAsItWas) {
  const auto kv = std::make_shared<InterposedStore>(std::make_shared<Memory>());
  Versioned v(kv);
  v.commit({{"k", "1"}});
  const std::string before = v.current_commit();
  kv->fail_batches = true;
  EXPECT_THROW(v.commit({{"k", "2"}}), StorageError);
  EXPECT_EQ(v.current_commit(), before);
  EXPECT_EQ(v.get("k"), "1");
  EXPECT_EQ(v.latest_head(), before);
  kv->fail_batches = false;
  EXPECT_TRUE(v.commit({{"k", "2"}}));
  EXPECT_EQ(v.get("k"), "2");
}

}  // namespace
}  // namespace vkv
