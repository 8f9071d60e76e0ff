// engine.md, "Versioned": opening, reading and committing; store-protocol.md, "Errors".
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

// Hashes.

TEST(Hashes, EqualChangesOnEqualParentsGiveEqualCommits) {
  Versioned a;
  Versioned b;
  a.commit({{"x", "1"}, {"y", "2"}});
  b.commit({{"y", "2"}, {"x", "1"}});
  EXPECT_EQ(a.current_commit(), b.current_commit());
  a.commit({{"z", "3"}}, {"x"}, {.message = "m", .author = "a", .time = 9});
  b.commit({{"z", "3"}}, {"x"}, {.message = "m", .author = "a", .time = 9});
  EXPECT_EQ(a.current_commit(), b.current_commit());
}

// On any machine: these are the hashes everywhere.
TEST(Hashes, ArePinned) {
  Versioned v;
  EXPECT_EQ(v.current_commit(), "8a48b7edabc946c2bc525e53a9ee53ff48765b0673be6490c1d00fa2befd5c99");
  v.commit({{"name", "alice"}, {"age", "30"}}, {},
           {.info = "{\"b\":1,\"a\":[]}", .message = "first", .author = "al", .time = 1});
  EXPECT_EQ(v.current_commit(), "a9304a523d82f42b4b3716e773f235d6198a51c0594a2dd7a4d7ba7ce9cb508b");
}

TEST(Hashes, MetadataChangesTheCommit) {
  const auto commit = [](const CommitOptions& options) {
    return *Versioned().commit({{"k", "v"}}, {}, options).commit;
  };
  const std::set<std::string> commits = {
      commit({}),
      commit({.info = "{}"}),
      commit({.info = "{\"a\":1}"}),
      commit({.message = ""}),
      commit({.author = ""}),
      commit({.time = 0}),
      commit({.time = -1}),
  };
  EXPECT_EQ(commits.size(), 7U);
  EXPECT_EQ(commit({.info = " { \"b\" : 1, \"a\" : 2 } "}), commit({.info = "{\"a\":2,\"b\":1}"}));
}

// Two writers making the same change at once make the same commit.
TEST(Hashes, TheSameCommitByTwoWritersIsOneCommit) {
  TwoWriters w;
  w.theirs.commit({{"k", "v"}});
  EXPECT_TRUE(w.ours.commit({{"k", "v"}}));
  EXPECT_EQ(w.ours.get("k"), "v");
  EXPECT_EQ(w.ours.latest_head(), w.ours.current_commit());
}

// Results.

TEST(Result, IsTruthyWhenMerged) {
  EXPECT_TRUE(MergeResult{});
  EXPECT_FALSE(MergeResult{.merged = false});
}

TEST(Result, AutoMergedKeysAreOursAloneAndTheSettled) {
  TwoWriters w{{"both", "0"}, {"changed", "0"}, {"removed", "0"}, {"same", "0"}, {"kept", "0"}};
  w.theirs.commit({{"both", "t"}, {"theirs", "t"}, {"same", "s"}});
  const MergeResult result =
      w.ours.commit({{"both", "o"}, {"changed", "o"}, {"same", "s"}, {"new", "o"}}, {"removed"},
                    {.merge_fns = {{"both", always("merged")}}});
  EXPECT_EQ(result.auto_merged_keys, (Keys{"both", "changed", "new", "removed"}));
  EXPECT_EQ(to_keys(result.carried_keys), (Keys{"kept", "same", "theirs"}));
}

TEST(Result, WithoutAThreeWayMergeAllKeysAreCarried) {
  Versioned v;
  const MergeResult result = v.commit({{"a", "1"}, {"b", "1"}});
  EXPECT_EQ(result.auto_merged_keys, Keys{});
  EXPECT_EQ(to_keys(result.carried_keys), (Keys{"a", "b"}));
}

TEST(Result, CarriedKeysAreLazy) {
  const auto kv = std::make_shared<Memory>();
  Versioned(kv).commit(many_updates());
  const auto counting = std::make_shared<InterposedStore>(kv);
  Versioned v(counting);
  Versioned(kv).commit({{"t", "1"}});
  const MergeResult result = v.commit({{"o", "1"}});
  EXPECT_EQ(result.strategy, Strategy::three_way);
  EXPECT_LT(counting->reads, 40);
  EXPECT_EQ(*result.carried_keys.begin(), "key100000");
  EXPECT_LT(counting->reads, 45);
  EXPECT_EQ(to_keys(result.carried_keys).size(), 20'001U);
}

TEST(Result, OutlivesTheInstance) {
  MergeResult result;
  {
    Versioned v;
    result = v.commit({{"a", "1"}});
  }
  EXPECT_EQ(to_keys(result.carried_keys), Keys{"a"});
}

TEST(Result, TheLastOneIsKeptOfAnyKind) {
  TwoWriters w;
  Versioned fresh;
  EXPECT_EQ(fresh.last_merge_result(), std::nullopt);
  EXPECT_EQ(w.ours.last_merge_result()->strategy, Strategy::fast_forward);
  w.ours.commit({});
  EXPECT_EQ(w.ours.last_merge_result()->strategy, Strategy::no_op);
  w.theirs.commit({{"base", "t"}});
  w.ours.commit({{"base", "o"}}, {}, {.on_conflict = OnConflict::abandon});
  EXPECT_FALSE(w.ours.last_merge_result()->merged);
  w.ours.commit({{"x", "1"}});
  EXPECT_EQ(w.ours.last_merge_result()->strategy, Strategy::three_way);
  w.ours.create_branch("dev")->commit({{"y", "1"}});
  w.ours.merge("dev");
  EXPECT_EQ(w.ours.last_merge_result()->strategy, Strategy::fast_forward);
}

// Errors.

TEST(Errors, ConflictsTellEveryKeyInOrderAndWhatEachFunctionThrew) {
  TwoWriters w{{"a", "0"}, {"b", "0"}, {"c", "0"}, {"d", "0"}, {"e", "0"}};
  w.theirs.commit({{"a", "t"}, {"b", "t"}, {"c", "t"}, {"d", "t"}, {"e", "t"}});
  try {
    w.ours.commit({{"a", "o"}, {"b", "o"}, {"c", "o"}, {"d", "o"}, {"e", "o"}}, {},
                  {.merge_fns = {{"b", throwing("broken b")},
                                 {"c", always("merged")},
                                 {"d", declining()},
                                 {"e", throwing("broken e")}}});
    FAIL();
  } catch (const MergeConflict& conflict) {
    EXPECT_EQ(conflict.conflicting_keys(), (Keys{"a", "b", "d", "e"}));
    EXPECT_EQ(conflict.merge_errors(),
              (std::map<std::string, std::string>{{"b", "broken b"}, {"e", "broken e"}}));
  }
}

TEST(Errors, NoCommonAncestorIsAConcurrencyError) {
  static_assert(std::is_base_of_v<ConcurrencyError, NoCommonAncestor>);
  static_assert(std::is_base_of_v<Error, ConcurrencyError>);
  static_assert(!std::is_base_of_v<ConcurrencyError, MergeConflict>);
}

}  // namespace
}  // namespace vkv
