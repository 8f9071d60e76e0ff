// engine.md, "Versioned": the hashes of commits and what commit() reports; store-protocol.md,
// "Errors".
#include "tests/store/conformance/stores.h"

namespace vkv {
namespace {

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
