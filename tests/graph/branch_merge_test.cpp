// Merging into a branch.
#include "core/base/error.h"
#include "tests/graph/branch_writer.h"

namespace vkv {
namespace {

using MergeIntoBranch = BranchWriterTest;

TEST_F(MergeIntoBranch, WhatIsContainedIsNoMerge) {
  const Hash first = commit(root_, {{"a", "1"}}).commit;
  const Hash second = commit(first, {{"a", "2"}}).commit;
  const auto before = stored();
  for (const Hash& source : {root_, first, second}) {
    const WriteResult result = merge_into_branch(repository_, request_of(source));
    EXPECT_EQ(result.strategy, Strategy::no_op);
    EXPECT_EQ(result.commit, second);
  }
  EXPECT_EQ(stored(), before);
}

TEST_F(MergeIntoBranch, WhatContainsTheHeadFastForwards) {
  const Hash first = commit(root_, {{"a", "1"}}).commit;
  const Hash source = history_.commit({first}, "source", {{"a", "2"}});
  const WriteResult result = merge_into_branch(repository_, request_of(source));
  EXPECT_EQ(result.strategy, Strategy::fast_forward);
  EXPECT_EQ(result.commit, source);
  EXPECT_EQ(head(), source);
}

TEST_F(MergeIntoBranch, NoFastForward) {
  const Hash first = commit(root_, {{"a", "1"}}).commit;
  const Hash source = history_.commit({first}, "source", {{"a", "2"}});
  MergeRequest request = request_of(source);
  request.no_ff = true;
  const WriteResult result = merge_into_branch(repository_, request);
  EXPECT_EQ(result.strategy, Strategy::three_way);
  EXPECT_EQ(head(), result.commit);
  EXPECT_EQ(parents(result.commit), (std::vector{first, source}));
  EXPECT_EQ(history_.rows(result.commit), (Rows{{"a", "2"}}));
  EXPECT_EQ(result.auto_merged, Keys{});
}

TEST_F(MergeIntoBranch, DivergedHistoriesMergeThreeWay) {
  const Hash base = commit(root_, {{"a", "1"}}).commit;
  const Hash source = history_.commit({base}, "source", {{"a", "1"}, {"b", "1"}});
  const Hash ours = commit(base, {{"a", std::nullopt}}).commit;
  const WriteResult result = merge_into_branch(repository_, request_of(source));
  EXPECT_EQ(result.strategy, Strategy::three_way);
  EXPECT_EQ(head(), result.commit);
  EXPECT_EQ(parents(result.commit), (std::vector{ours, source}));
  EXPECT_EQ(history_.rows(result.commit), (Rows{{"b", "1"}}));
  EXPECT_EQ(result.auto_merged, Keys{"a"});
  EXPECT_EQ(repository_.commit(result.commit).metadata, with_message("m"));
}

TEST_F(MergeIntoBranch, SquashHasOneParent) {
  const Hash base = commit(root_, {{"a", "1"}}).commit;
  const Hash source = history_.commit({base}, "source", {{"a", "1"}, {"b", "1"}});
  MergeRequest request = request_of(source);
  request.squash = true;
  const WriteResult result = merge_into_branch(repository_, request);
  EXPECT_EQ(result.strategy, Strategy::three_way);
  EXPECT_EQ(parents(result.commit), std::vector{base});
  EXPECT_EQ(history_.rows(result.commit), (Rows{{"a", "1"}, {"b", "1"}}));
  const WriteResult again = merge_into_branch(repository_, request);
  EXPECT_EQ(again.strategy, Strategy::no_op);
  EXPECT_EQ(again.commit, result.commit);
}

TEST_F(MergeIntoBranch, AConflictChangesNothing) {
  const Hash base = commit(root_, {{"a", "1"}}).commit;
  const Hash source = history_.commit({base}, "source", {{"a", "2"}});
  const Hash ours = commit(base, {{"a", "3"}}).commit;
  const auto before = stored();
  EXPECT_THROW(merge_into_branch(repository_, request_of(source)), MergeConflict);
  EXPECT_EQ(stored(), before);
  EXPECT_EQ(head(), ours);
}

TEST_F(MergeIntoBranch, ABranchThatDoesNotExistStartsAtTheBase) {
  const Hash base = history_.commit({root_}, "base", {{"a", "1"}});
  const Hash later = history_.commit({base}, "later", {{"a", "1"}, {"b", "1"}});
  const Hash beside = history_.commit({root_}, "beside", {{"c", "1"}});
  MergeRequest request = request_of(root_);
  request.base = base;
  EXPECT_EQ(merge_into_branch(repository_, request).strategy, Strategy::no_op);
  EXPECT_EQ(head(), std::nullopt);

  request.source = later;
  EXPECT_EQ(merge_into_branch(repository_, request).strategy, Strategy::fast_forward);
  EXPECT_EQ(head(), later);

  request.branch = "side";
  request.source = beside;
  const WriteResult result = merge_into_branch(repository_, request);
  EXPECT_EQ(result.strategy, Strategy::three_way);
  EXPECT_EQ(repository_.refs().head("side"), result.commit);
  EXPECT_EQ(parents(result.commit), (std::vector{base, beside}));
  EXPECT_EQ(history_.rows(result.commit), (Rows{{"a", "1"}, {"c", "1"}}));
}

TEST_F(MergeIntoBranch, RefusesWhatIsNotThere) {
  commit(root_, {{"a", "1"}});
  EXPECT_THROW(merge_into_branch(repository_, request_of(sha256("none"))), Corruption);
  EXPECT_THROW(merge_into_branch(repository_, request_of(history_.commit({}, "unrelated"))),
               NoCommonAncestor);
}

TEST(Strategy, HasNames) {
  EXPECT_EQ(to_string(Strategy::no_op), "no_op");
  EXPECT_EQ(to_string(Strategy::fast_forward), "fast_forward");
  EXPECT_EQ(to_string(Strategy::three_way), "three_way");
}

}  // namespace
}  // namespace vkv
