// store-protocol.md, "Staged", and what engine.md says of it.
#include "tests/store/conformance/stores.h"

namespace vkv {
namespace {

struct StagedTest : testing::Test {
  std::shared_ptr<Memory> kv = std::make_shared<Memory>();
  std::shared_ptr<Versioned> versioned = std::make_shared<Versioned>(kv);
  Staged s{versioned};
};

TEST_F(StagedTest, ChangesAreBufferedUntilCommit) {
  s.set("name", "alice");
  s.set("age", "30");
  EXPECT_EQ(kv->keys(), Keys{});
  EXPECT_EQ(versioned->get("name"), std::nullopt);
  s.commit();
  EXPECT_EQ(versioned->get("name"), "alice");
  EXPECT_EQ(s.get("name"), "alice");
}

TEST_F(StagedTest, CommitIsOneAtomicCommit) {
  const std::string before = versioned->current_commit();
  s.set("a", "1");
  s.set("b", "2");
  const MergeResult result = s.commit();
  EXPECT_EQ(versioned->parents(*result.commit), Keys{before});
  EXPECT_EQ(versioned->diff(before, *result.commit).added, (std::set<std::string>{"a", "b"}));
}

TEST_F(StagedTest, GetChecksStagedFirst) {
  s.set("k", "old");
  s.commit();
  s.set("k", "new");
  EXPECT_EQ(s.get("k"), "new");
  EXPECT_EQ(versioned->get("k"), "old");
  s.remove("k");
  EXPECT_EQ(s.get("k"), std::nullopt);
  EXPECT_FALSE(s.contains("k"));
}

TEST_F(StagedTest, KeysAreThoseOfBoth) {
  for (const char* key : {"a", "c", "e"}) s.set(key, "1");
  s.commit();
  s.set("b", "2");
  s.set("c", "2");
  s.remove("a");
  s.set("f", "2");
  EXPECT_EQ(s.keys(), (Keys{"b", "c", "e", "f"}));
}

TEST_F(StagedTest, ResetDiscardsStagedChanges) {
  s.set("k", "v");
  s.reset();
  EXPECT_FALSE(s.has_changes());
  EXPECT_EQ(s.commit().strategy, Strategy::no_op);
}

TEST_F(StagedTest, RefreshReloadsFromHeadAndDiscards) {
  s.set("k", "1");
  s.commit();
  Versioned other(kv);
  other.commit({{"k", "2"}});
  s.set("x", "staged");
  s.refresh();
  EXPECT_FALSE(s.has_changes());
  EXPECT_EQ(s.get("k"), "2");
  EXPECT_EQ(s.current_commit(), other.current_commit());
}

TEST_F(StagedTest, CreateBranchForksTheCommitAndNotWhatIsStaged) {
  s.set("k", "1");
  s.commit();
  s.set("k", "2");
  const std::unique_ptr<Staged> dev = s.create_branch("dev");
  EXPECT_EQ(dev->get("k"), "1");
  EXPECT_FALSE(dev->has_changes());
  EXPECT_TRUE(s.has_changes());
}

TEST_F(StagedTest, CheckoutAnswersAStagedOrNull) {
  s.set("k", "1");
  const std::string first = *s.commit().commit;
  s.set("k", "2");
  s.commit();
  s.set("k", "staged");
  const std::unique_ptr<Staged> old = s.checkout(first, "fix");
  ASSERT_NE(old, nullptr);
  EXPECT_EQ(old->get("k"), "1");
  EXPECT_FALSE(old->has_changes());
  EXPECT_EQ(s.get("k"), "staged");
  EXPECT_EQ(old->versioned().current_branch(), "fix");
  EXPECT_EQ(s.checkout(kUnknownCommit), nullptr);
}

TEST_F(StagedTest, HasChangesMeansTheBufferIsNotEmpty) {
  EXPECT_FALSE(s.has_changes());
  s.remove("missing");
  EXPECT_TRUE(s.has_changes());
  EXPECT_EQ(s.commit().strategy, Strategy::no_op);
  EXPECT_FALSE(s.has_changes());
}

TEST_F(StagedTest, PropertiesDelegateToVersioned) {
  EXPECT_EQ(&s.versioned(), versioned.get());
  EXPECT_EQ(s.last_merge_result(), std::nullopt);
  s.set("k", "v");
  s.commit();
  EXPECT_EQ(s.current_commit(), versioned->current_commit());
  EXPECT_EQ(s.base_commit(), versioned->base_commit());
  EXPECT_EQ(s.last_merge_result()->commit, versioned->last_merge_result()->commit);
}

TEST_F(StagedTest, MergeRegistrationsDelegateToVersioned) {
  s.set_merge_fn("fn", always("merged"));
  s.set_content_type("hits", counter());
  s.set_default_merge(always("default"));
  EXPECT_NE(s.get_content_type<std::int64_t>("hits"), nullptr);
  EXPECT_NE(versioned->get_content_type<std::int64_t>("hits"), nullptr);
  EXPECT_EQ(s.get_content_type<Bytes>("hits"), nullptr);
  EXPECT_EQ(s.get_content_type<std::int64_t>("other"), nullptr);

  const auto one = counter().encode(1);
  Versioned(kv).commit({{"fn", "t"}, {"hits", one}, {"other", "t"}});
  s.set("fn", "o");
  s.set("hits", one);
  s.set("other", "o");
  s.commit();
  EXPECT_EQ(s.get_many({"fn", "hits", "other"}),
            (Entries{{"fn", "merged"}, {"hits", counter().encode(2)}, {"other", "default"}}));
}

TEST_F(StagedTest, AFailedCommitKeepsWhatIsStaged) {
  Versioned(kv).commit({{"k", "theirs"}});
  s.set("k", "ours");
  EXPECT_THROW(s.commit(), MergeConflict);
  EXPECT_EQ(s.get("k"), "ours");
  EXPECT_FALSE(s.commit({.on_conflict = OnConflict::abandon}));
  EXPECT_EQ(s.get("k"), "ours");
  EXPECT_EQ(s.list_branches(), Keys{"main"});
}

TEST_F(StagedTest, RefusesAKeyThatIsTooLarge) {
  EXPECT_THROW(s.set(std::string(kMaxKeySize + 1, 'k'), "v"), TooLarge);
  EXPECT_FALSE(s.has_changes());
  s.set(std::string(kMaxKeySize, 'k'), "v");
  EXPECT_TRUE(s.commit());
}

TEST(Staged, NeedsAVersioned) { EXPECT_THROW(Staged(nullptr), InvalidArgument); }

}  // namespace
}  // namespace vkv
