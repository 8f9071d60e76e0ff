#include "core/graph/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/tree/value.h"
#include "tests/graph/histories.h"

namespace vkv {
namespace {

using Keys = std::vector<std::string>;
using Fallback = MergeRules::Fallback;

MergeAnswer value(Bytes bytes) {
  return {MergeAnswer::Kind::value, {ValueType::blob, std::move(bytes)}};
}
MergeAnswer removal() { return {MergeAnswer::Kind::removal, {}}; }
MergeAnswer declined() { return {}; }

std::string text(const std::optional<Value>& side) { return side ? side->bytes : "-"; }

// Tells what it was asked: "base|ours|theirs".
MergeAnswer join(const MergeInput& input) {
  return value(text(input.base) + '|' + text(input.ours) + '|' + text(input.theirs));
}

TEST(MergeCommits, KeyByKey) {
  struct Case {
    const char* what;
    std::optional<std::string> base, ours, theirs;
    std::optional<std::string> merged;
    bool conflict = false;
    bool auto_merged = false;
  };
  const auto none = std::nullopt;
  const Case cases[] = {
      {"unchanged", "b", "b", "b", "b"},
      {"ours modified", "b", "o", "b", "o", false, true},
      {"ours removed", "b", none, "b", none, false, true},
      {"ours added", none, "o", none, "o", false, true},
      {"theirs modified", "b", "b", "t", "t"},
      {"theirs removed", "b", "b", none, none},
      {"theirs added", none, none, "t", "t"},
      {"both the same change", "b", "x", "x", "x"},
      {"both the same addition", none, "x", "x", "x"},
      {"both removed", "b", none, none, none},
      {"both modified", "b", "o", "t", "o", true},
      {"both added", none, "o", "t", "o", true},
      {"ours removed, theirs modified", "b", none, "t", none, true},
      {"ours modified, theirs removed", "b", "o", none, "o", true},
  };
  for (const Case& test : cases) {
    History history;
    const auto rows = [](const std::optional<std::string>& value) {
      Rows rows{{"a", "1"}, {"z", "1"}};
      if (value) rows["key"] = *value;
      return rows;
    };
    const Hash base = history.commit({root_commit_hash()}, "base", rows(test.base));
    const Hash ours = history.commit({base}, "ours", rows(test.ours));
    const Hash theirs = history.commit({base}, "theirs", rows(test.theirs));
    const MergeOutcome outcome = merge_commits(history.repository, ours, theirs, {});
    EXPECT_EQ(history.rows_of_tree(outcome.root), rows(test.merged)) << test.what;
    EXPECT_EQ(outcome.conflicts, test.conflict ? Keys{"key"} : Keys{}) << test.what;
    EXPECT_EQ(outcome.auto_merged, test.auto_merged ? Keys{"key"} : Keys{}) << test.what;
    EXPECT_EQ(outcome.bases, std::vector{base}) << test.what;
  }
}

// base ← ours, base ← theirs.
class ForkTest : public testing::Test {
 protected:
  MergeOutcome merge(const MergeRules& rules) {
    return merge_commits(history_.repository, ours_, theirs_, rules);
  }
  Rows merged(const MergeRules& rules) { return history_.rows_of_tree(merge(rules).root); }

  History history_;
  const Hash base_ =
      history_.commit({root_commit_hash()}, "base", {{"both", "b"}, {"gone", "b"}, {"kept", "b"}});
  const Hash ours_ =
      history_.commit({base_}, "ours", {{"both", "o"}, {"kept", "b"}, {"new", "o"}, {"ours", "o"}});
  const Hash theirs_ =
      history_.commit({base_}, "theirs",
                      {{"both", "t"}, {"gone", "t"}, {"kept", "b"}, {"new", "t"}, {"theirs", "t"}});
};

TEST_F(ForkTest, AFunctionIsAskedForContestedKeysAlone) {
  const MergeOutcome outcome = merge({.function = join});
  EXPECT_EQ(history_.rows_of_tree(outcome.root), (Rows{{"both", "b|o|t"},
                                                       {"gone", "b|-|t"},
                                                       {"kept", "b"},
                                                       {"new", "-|o|t"},
                                                       {"ours", "o"},
                                                       {"theirs", "t"}}));
  EXPECT_EQ(outcome.conflicts, Keys{});
  EXPECT_EQ(outcome.auto_merged, (Keys{"both", "gone", "new", "ours"}));
}

TEST_F(ForkTest, AFunctionMayRemove) {
  EXPECT_EQ(merged({.function = [](const MergeInput&) { return removal(); }}),
            (Rows{{"kept", "b"}, {"ours", "o"}, {"theirs", "t"}}));
}

TEST_F(ForkTest, AFunctionMayDeclineOrThrow) {
  const MergeOutcome outcome = merge({.function = [](const MergeInput& input) {
    if (input.key == "both") return declined();
    if (input.key == "gone") throw std::runtime_error("cannot merge this");
    return join(input);
  }});
  EXPECT_EQ(outcome.conflicts, (Keys{"both", "gone"}));
  EXPECT_EQ(outcome.errors, (std::map<std::string, std::string>{{"gone", "cannot merge this"}}));
  EXPECT_EQ(outcome.auto_merged, (Keys{"new", "ours"}));
}

TEST_F(ForkTest, ErrorsOfTheStorePassThroughAFunction) {
  EXPECT_THROW(merge({.function = [](const MergeInput&) -> MergeAnswer { throw Corruption("x"); }}),
               Corruption);
  EXPECT_THROW(
      merge({.function = [](const MergeInput&) -> MergeAnswer { throw StorageError(5, "x"); }}),
      StorageError);
  EXPECT_THROW(
      merge({.function = [](const MergeInput&) -> MergeAnswer { throw std::bad_alloc(); }}),
      std::bad_alloc);
}

TEST_F(ForkTest, TheFallbackSettlesTheRest) {
  EXPECT_EQ(merged({.function = {}, .fallback = Fallback::ours}),
            (Rows{{"both", "o"}, {"kept", "b"}, {"new", "o"}, {"ours", "o"}, {"theirs", "t"}}));
  EXPECT_EQ(merged({.function = {}, .fallback = Fallback::theirs}), (Rows{{"both", "t"},
                                                                          {"gone", "t"},
                                                                          {"kept", "b"},
                                                                          {"new", "t"},
                                                                          {"ours", "o"},
                                                                          {"theirs", "t"}}));
}

TEST_F(ForkTest, TheFallbackComesAfterTheFunction) {
  const MergeOutcome outcome = merge({.function =
                                          [](const MergeInput& input) {
                                            if (input.key == "new") throw std::runtime_error("no");
                                            return input.key == "both" ? join(input) : declined();
                                          },
                                      .fallback = Fallback::theirs});
  EXPECT_EQ(history_.rows_of_tree(outcome.root), (Rows{{"both", "b|o|t"},
                                                       {"gone", "t"},
                                                       {"kept", "b"},
                                                       {"new", "t"},
                                                       {"ours", "o"},
                                                       {"theirs", "t"}}));
  EXPECT_EQ(outcome.conflicts, Keys{});
  EXPECT_TRUE(outcome.errors.empty());
}

TEST_F(ForkTest, MakesNoCommitAndMovesNoBranch) {
  const std::size_t before = history_.memory.memory().size();
  merge({.function = join});
  history_.repository.discard();
  EXPECT_EQ(history_.memory.memory().size(), before);
}

TEST(MergeCommits, FunctionsGetAndGiveLargeAndTypedValues) {
  History history;
  Repository& repository = history.repository;
  const auto commit = [&](std::vector<Hash> parents, const Value& value) {
    Bytes scratch;
    struct One final : EditSource {
      Edit edit;
      bool next(Edit& out) override {
        if (edit.key.empty()) return false;
        out = std::exchange(edit, {});
        return true;
      }
    } edits;
    edits.edit = {"key", store_value(repository.chunks(), value, scratch)};
    return repository.create_commit(apply_edits(repository.nodes(), empty_root(), edits),
                                    std::move(parents), {});
  };
  const Value ours_value(ValueType::text, Bytes(100'000, 'o'));
  const Value theirs_value(ValueType::text, Bytes(5'000, 't'));
  const Hash base = commit({root_commit_hash()}, {ValueType::null, {}});
  const Hash ours = commit({base}, ours_value);
  const Hash theirs = commit({base}, theirs_value);
  const Value result(ValueType::text, Bytes(200'000, 'r'));
  const MergeOutcome outcome =
      merge_commits(repository, ours, theirs, {.function = [&](const MergeInput& input) {
                      EXPECT_EQ(input.base, Value(ValueType::null, {}));
                      EXPECT_EQ(input.ours, ours_value);
                      EXPECT_EQ(input.theirs, theirs_value);
                      return MergeAnswer{MergeAnswer::Kind::value, result};
                    }});
  Cursor cursor(repository.nodes(), outcome.root);
  ASSERT_TRUE(cursor.find("key"));
  EXPECT_EQ(load_value(repository.chunks(), cursor.value()), result);
}

TEST(MergeCommits, UnrelatedHistoriesAreRefused) {
  History history;
  const Hash a = history.commit({}, "a");
  const Hash b = history.commit({}, "b");
  EXPECT_THROW(merge_commits(history.repository, a, b, {}), NoCommonAncestor);
}

// one and two both come from the root; ours and theirs merge them, each in its own way.
class CrissCrossTest : public testing::Test {
 protected:
  struct Contents {
    Rows one, two, ours, theirs;
  };

  MergeOutcome merge(const Contents& contents, const MergeRules& rules) {
    const Hash base = history_.commit({root_commit_hash()}, "base", {{"key", "b"}});
    const Hash one = history_.commit({base}, "one", contents.one);
    const Hash two = history_.commit({base}, "two", contents.two);
    const Hash ours = history_.commit({one, two}, "ours", contents.ours);
    const Hash theirs = history_.commit({two, one}, "theirs", contents.theirs);
    MergeOutcome outcome = merge_commits(history_.repository, ours, theirs, rules);
    EXPECT_EQ(outcome.bases.size(), 2u);
    return outcome;
  }

  History history_;
};

TEST_F(CrissCrossTest, WhatTheBasesAgreeOnIsTheBase) {
  const MergeOutcome outcome = merge({.one = {{"key", "1"}},
                                      .two = {{"key", "b"}},
                                      .ours = {{"key", "1"}},
                                      .theirs = {{"key", "t"}}},
                                     {});
  EXPECT_EQ(history_.rows_of_tree(outcome.root), (Rows{{"key", "t"}}));
  EXPECT_EQ(outcome.conflicts, Keys{});
}

TEST_F(CrissCrossTest, WhatTheBasesDisputeIsUnsettled) {
  int asked = 0;
  const auto count = [&](const MergeInput&) {
    ++asked;
    return declined();
  };
  // Either side alone would be a change of one side only, were one of the bases taken.
  const Contents contents{.one = {{"key", "1"}},
                          .two = {{"key", "2"}},
                          .ours = {{"key", "1"}},
                          .theirs = {{"key", "2"}}};
  const MergeOutcome outcome = merge(contents, {.function = count});
  EXPECT_EQ(outcome.conflicts, Keys{"key"});
  EXPECT_EQ(asked, 1);  // for the virtual base
  for (const auto& [fallback, merged] : {std::pair{Fallback::ours, "1"}, {Fallback::theirs, "2"}}) {
    const MergeOutcome settled = merge(contents, {.function = {}, .fallback = fallback});
    EXPECT_EQ(history_.rows_of_tree(settled.root), (Rows{{"key", merged}}));
    EXPECT_EQ(settled.conflicts, Keys{});
  }
}

TEST_F(CrissCrossTest, AnUnsettledKeyBothSidesAgreeOnIsThat) {
  const MergeOutcome outcome = merge({.one = {{"key", "1"}},
                                      .two = {{"key", "2"}},
                                      .ours = {{"key", "x"}},
                                      .theirs = {{"key", "x"}}},
                                     {});
  EXPECT_EQ(history_.rows_of_tree(outcome.root), (Rows{{"key", "x"}}));
  EXPECT_EQ(outcome.conflicts, Keys{});
}

TEST_F(CrissCrossTest, AFunctionSettlesTheVirtualBaseToo) {
  std::vector<std::string> asked;
  const auto log = [&](const MergeInput& input) {
    asked.push_back(text(input.base));
    return value("m");
  };
  const MergeOutcome outcome = merge({.one = {{"key", "1"}},
                                      .two = {{"key", "2"}},
                                      .ours = {{"key", "x"}},
                                      .theirs = {{"key", "y"}}},
                                     {.function = log});
  EXPECT_EQ(asked, (Keys{"b", "m"}));
  EXPECT_EQ(history_.rows_of_tree(outcome.root), (Rows{{"key", "m"}}));
}

TEST_F(CrissCrossTest, AnErrorInTheVirtualBaseIsReportedWithTheConflict) {
  const MergeOutcome outcome =
      merge({.one = {{"key", "1"}},
             .two = {{"key", "2"}},
             .ours = {{"key", "1"}},
             .theirs = {{"key", "2"}}},
            {.function = [](const MergeInput&) -> MergeAnswer { throw std::runtime_error("no"); }});
  EXPECT_EQ(outcome.conflicts, Keys{"key"});
  EXPECT_EQ(outcome.errors.at("key"), "no");
}

TEST_F(CrissCrossTest, BasesThatShareNothingMergeOverTheEmptyTree) {
  const Hash one = history_.commit({}, "one", {{"a", "1"}, {"c", "1"}});
  const Hash two = history_.commit({}, "two", {{"b", "2"}, {"c", "2"}});
  const Rows both{{"a", "1"}, {"b", "2"}, {"c", "1"}};
  Rows changed = both;
  changed["b"] = "x";
  const Hash ours = history_.commit({one, two}, "ours", both);
  const Hash theirs = history_.commit({two, one}, "theirs", changed);
  const MergeOutcome outcome = merge_commits(history_.repository, ours, theirs, {});
  EXPECT_EQ(history_.rows_of_tree(outcome.root), changed);
  EXPECT_EQ(outcome.conflicts, Keys{});
}

}  // namespace
}  // namespace vkv
