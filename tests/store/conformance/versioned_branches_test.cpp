// engine.md, "Versioned": branches and moving between versions.
#include "tests/store/conformance/stores.h"

namespace vkv {
namespace {

TEST(Refresh, GoesToTheBranchsHead) {
  TwoWriters w;
  w.theirs.commit({{"k", "v"}});
  w.ours.refresh();
  EXPECT_EQ(w.ours.current_commit(), w.theirs.current_commit());
  EXPECT_EQ(w.ours.get("k"), "v");
}

TEST(Refresh, RefusesAMissingBranch) { EXPECT_THROW(Versioned().refresh(), InvalidArgument); }

TEST(Checkout, IsANewInstanceOnThatCommit) {
  Versioned v;
  const auto first = v.commit({{"k", "1"}}).commit;
  v.commit({{"k", "2"}});
  const auto old = v.checkout(*first);
  ASSERT_NE(old, nullptr);
  EXPECT_EQ(old->base_commit(), first);
  EXPECT_EQ(old->current_branch(), "main");
  EXPECT_EQ(old->get("k"), "1");
  EXPECT_EQ(v.get("k"), "2");
}

TEST(Checkout, IsAbsentWhenThereIsNoSuchCommit) {
  Versioned v;
  const std::string commit = *v.commit({{"k", "1"}}).commit;
  for (const std::string& none : {kUnknownCommit, std::string(), std::string("main"),
                                  commit.substr(0, 63), commit + "0", "HEAD" + commit}) {
    EXPECT_EQ(v.checkout(none), nullptr) << none;
  }
}

TEST(Checkout, TheBranchNeedNotExist) {
  Versioned v;
  const auto first = v.commit({{"k", "1"}}).commit;
  v.commit({{"k", "2"}});
  const auto fix = v.checkout(*first, {.branch = "fix"});
  EXPECT_EQ(v.list_branches(), Keys{"main"});
  EXPECT_EQ(fix->commit({{"x", "1"}}).strategy, Strategy::fast_forward);
  EXPECT_EQ(v.list_branches(), (Keys{"fix", "main"}));
  EXPECT_EQ(items(*fix), (Entries{{"k", "1"}, {"x", "1"}}));
}

TEST(Checkout, CommittingFromAnOldBaseMergesForward) {
  Versioned v;
  const auto first = v.commit({{"k", "1"}}).commit;
  v.commit({{"k", "2"}});
  const auto old = v.checkout(*first);
  EXPECT_EQ(old->commit({{"x", "1"}}).strategy, Strategy::three_way);
  EXPECT_EQ(items(*old), (Entries{{"k", "2"}, {"x", "1"}}));
  EXPECT_EQ(old->current_commit(), v.latest_head());
}

TEST(Checkout, InheritsNoMergeFunctions) {
  Versioned v;
  v.set_default_merge(always("merged"));
  v.set_content_type("k", counter());
  const auto first = v.commit({{"d", "1"}}).commit;
  v.commit({{"d", "2"}});
  const auto old = v.checkout(*first);
  EXPECT_EQ(old->get_content_type<std::int64_t>("k"), nullptr);
  EXPECT_THROW(old->commit({{"d", "3"}}), MergeConflict);
  const auto dev = v.create_branch("dev");
  EXPECT_EQ(dev->get_content_type<std::int64_t>("k"), nullptr);
  Versioned(v.store(), {.branch = "dev"}).commit({{"d", "4"}});
  EXPECT_THROW(dev->commit({{"d", "5"}}), MergeConflict);
  // Where they are set, they do answer.
  Versioned(v.store()).commit({{"d", "6"}});
  v.commit({{"d", "7"}});
  EXPECT_EQ(v.get("d"), "merged");
}

TEST(CreateBranch, ForksTheCurrentCommitNotTheHead) {
  TwoWriters w;
  w.theirs.commit({{"k", "v"}});
  const auto dev = w.ours.create_branch("dev");
  EXPECT_EQ(dev->current_commit(), w.ours.current_commit());
  EXPECT_EQ(dev->current_branch(), "dev");
  EXPECT_EQ(dev->latest_head(), w.ours.current_commit());
  EXPECT_EQ(w.ours.current_branch(), "main");
}

TEST(CreateBranch, RefusesAnExistingNameAndABadOne) {
  Versioned v;
  v.commit({{"k", "1"}});
  v.create_branch("dev");
  EXPECT_THROW(v.create_branch("dev"), InvalidArgument);
  EXPECT_THROW(v.create_branch("main"), InvalidArgument);
  EXPECT_THROW(v.create_branch("a b"), InvalidArgument);
  EXPECT_THROW(v.create_branch(""), InvalidArgument);
}

TEST(CreateBranch, IsByCompareAndSwap) {
  const auto kv = std::make_shared<Memory>();
  const auto racing = std::make_shared<InterposedStore>(kv);
  Versioned v(racing);
  v.commit({{"k", "1"}});
  std::string other;
  racing->before_swap = [&] {
    other = *Versioned(kv, {.branch = "dev"}).commit({{"x", "1"}}).commit;
  };
  EXPECT_THROW(v.create_branch("dev"), InvalidArgument);
  EXPECT_EQ(Versioned(kv, {.branch = "dev"}).current_commit(), other);
}

TEST(ResetTo, ForcesTheHead) {
  Versioned v;
  const auto first = v.commit({{"k", "1"}}).commit;
  v.commit({{"k", "2"}});
  EXPECT_TRUE(v.reset_to(*first));
  EXPECT_EQ(v.get("k"), "1");
  EXPECT_EQ(v.latest_head(), first);
}

TEST(ResetTo, IsFalseWhenThereIsNoSuchCommit) {
  Versioned v;
  const auto first = v.commit({{"k", "1"}}).commit;
  EXPECT_FALSE(v.reset_to(kUnknownCommit));
  EXPECT_FALSE(v.reset_to("main"));
  EXPECT_EQ(v.latest_head(), first);
}

TEST(ResetTo, AnotherWritersNextCommitMergesWhatItHas) {
  TwoWriters w;
  const std::string start = w.ours.current_commit();
  w.theirs.commit({{"t", "1"}});
  w.ours.refresh();
  ASSERT_TRUE(w.ours.reset_to(start));
  w.theirs.commit({{"u", "1"}});
  EXPECT_EQ(items(w.theirs), (Entries{{"base", "0"}, {"t", "1"}, {"u", "1"}}));
}

TEST(Branches, AreListedSorted) {
  const auto kv = std::make_shared<Memory>();
  Versioned v(kv);
  EXPECT_EQ(v.list_branches(), Keys{});
  v.commit({{"k", "1"}});
  v.create_branch("b");
  v.create_branch("a/x");
  EXPECT_EQ(v.list_branches(), (Keys{"a/x", "b", "main"}));
  EXPECT_EQ(Versioned::branches(*kv), v.list_branches());
}

TEST(Branches, AreDeleted) {
  Versioned v;
  v.commit({{"k", "1"}});
  v.create_branch("dev");
  v.delete_branch("dev");
  EXPECT_EQ(v.list_branches(), Keys{"main"});
  EXPECT_THROW(v.delete_branch("dev"), InvalidArgument);
  EXPECT_THROW(v.delete_branch("main"), InvalidArgument);
  EXPECT_NO_THROW(v.create_branch("dev"));
}

TEST(Branches, AreSwitched) {
  Versioned v;
  v.commit({{"k", "1"}});
  v.create_branch("dev")->commit({{"k", "2"}});
  v.switch_branch("dev");
  EXPECT_EQ(v.current_branch(), "dev");
  EXPECT_EQ(v.get("k"), "2");
  EXPECT_EQ(v.commit({{"k", "3"}}).strategy, Strategy::fast_forward);
  EXPECT_EQ(v.peek("k", "main"), "1");
  EXPECT_THROW(v.switch_branch("nowhere"), InvalidArgument);
  EXPECT_EQ(v.current_branch(), "dev");
}

TEST(Branches, PeekReadsAnotherBranchsHead) {
  Versioned v;
  v.commit({{"k", "1"}});
  v.create_branch("dev")->commit({{"k", "2"}});
  EXPECT_EQ(v.peek("k", "dev"), "2");
  EXPECT_EQ(v.peek("missing", "dev"), std::nullopt);
  EXPECT_EQ(v.get("k"), "1");
  EXPECT_THROW(v.peek("k", "nowhere"), InvalidArgument);
}

TEST(Properties, LatestHeadIsWhatTheStoreSaysNow) {
  TwoWriters w;
  const auto commit = w.theirs.commit({{"k", "v"}}).commit;
  EXPECT_EQ(w.ours.latest_head(), commit);
  EXPECT_NE(w.ours.current_commit(), commit);
  EXPECT_EQ(w.ours.base_commit(), w.ours.current_commit());
}

}  // namespace
}  // namespace vkv
