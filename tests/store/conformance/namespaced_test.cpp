// store-protocol.md, "Namespaced", and what engine.md says of it.
#include "core/store/namespaced.h"

#include "tests/store/conformance/stores.h"

namespace vkv {
namespace {

struct NamespacedTest : testing::Test {
  std::shared_ptr<Memory> kv = std::make_shared<Memory>();
  Staged s{std::make_shared<Versioned>(kv)};
  Namespaced agent{s, "agent"};
  Namespaced worker{agent, "worker"};
};

TEST_F(NamespacedTest, KeysArePrefixedWithTheNamespace) {
  agent.set("state", "running");
  EXPECT_EQ(agent.get("state"), "running");
  EXPECT_EQ(s.get("agent/state"), "running");
  EXPECT_EQ(s.keys(), Keys{"agent/state"});
}

TEST_F(NamespacedTest, NamespacesAreIsolated) {
  Namespaced config(s, "config");
  agent.set("state", "running");
  EXPECT_EQ(config.get("state"), std::nullopt);
  EXPECT_FALSE(config.contains("state"));
  EXPECT_EQ(config.keys(), Keys{});
}

TEST_F(NamespacedTest, NamesMustNotContainASlash) {
  EXPECT_THROW(Namespaced(s, "a/b"), InvalidArgument);
  EXPECT_THROW(Namespaced(s, "a/"), InvalidArgument);
}

TEST_F(NamespacedTest, NestingIsByWrapping) {
  EXPECT_EQ(worker.namespace_path(), "agent/worker");
  worker.set("task", "t");
  EXPECT_EQ(s.get("agent/worker/task"), "t");
  EXPECT_EQ(agent.get("worker/task"), "t");
}

TEST_F(NamespacedTest, NamespacePathIsTheFullPath) { EXPECT_EQ(agent.namespace_path(), "agent"); }

TEST_F(NamespacedTest, GetManyAnswersUnprefixedKeys) {
  agent.set("a", "1");
  s.set("b", "2");
  EXPECT_EQ(agent.get_many({"a", "b"}), (Entries{{"a", "1"}}));
}

TEST_F(NamespacedTest, KeysAreDirectChildrenOnly) {
  agent.set("b", "");
  agent.set("a", "");
  worker.set("task", "");
  s.set("agent", "");
  s.set("agent0", "");
  EXPECT_EQ(agent.keys(), (Keys{"a", "b"}));
}

TEST_F(NamespacedTest, DescendantKeysIncludeNestedPaths) {
  agent.set("a", "");
  worker.set("task", "");
  EXPECT_EQ(agent.descendant_keys(), (Keys{"a", "worker/task"}));
  EXPECT_EQ(worker.descendant_keys(), Keys{"task"});
}

TEST_F(NamespacedTest, ItsOwnPrefixIsADescendantWithTheEmptyKey) {
  s.set("agent/", "v");
  EXPECT_EQ(agent.descendant_keys(), Keys{""});
  EXPECT_EQ(agent.keys(), Keys{});
  EXPECT_EQ(agent.get(""), "v");
}

// Among twenty thousand keys only the range is read, on either kind of store.
TEST_F(NamespacedTest, KeysAreRangeScans) {
  Updates updates = many_updates();
  updates.insert({{"key11/a", "1"}, {"key11/b/c", "2"}});
  const auto counting = std::make_shared<InterposedStore>(kv);
  const auto among_all = [&](Store& base) {
    Namespaced ns(base, "key11");
    counting->reads = 0;
    counting->visited_keys = 0;
    EXPECT_EQ(ns.keys(), Keys{"a"});
    EXPECT_EQ(ns.descendant_keys(), (Keys{"a", "b/c"}));
  };

  Versioned(kv).commit(updates);
  Staged staged(std::make_shared<Versioned>(counting));
  among_all(staged);
  EXPECT_GT(counting->reads, 0);
  EXPECT_LT(counting->reads, 10);

  kv->clear();
  Live live(counting);
  for (const auto& [key, value] : updates) live.set(key, value.bytes);
  among_all(live);
  EXPECT_EQ(counting->visited_keys, 4);
}

TEST_F(NamespacedTest, RemoveRemovesThePrefixedKey) {
  s.set("k", "1");
  agent.set("k", "2");
  agent.remove("k");
  EXPECT_EQ(s.keys(), Keys{"k"});
}

TEST_F(NamespacedTest, CommitDelegatesToTheStore) {
  agent.set("k", "1");
  s.set("other", "2");
  const MergeResult result = agent.commit({.message = "m"});
  EXPECT_FALSE(s.has_changes());
  EXPECT_EQ(s.versioned().commit_metadata(*result.commit).message, "m");
}

TEST_F(NamespacedTest, ResetDelegatesToTheStore) {
  s.set("other", "2");
  agent.reset();
  EXPECT_FALSE(s.has_changes());
}

TEST_F(NamespacedTest, MergeRegistrationsAreForThePrefixedKey) {
  worker.set_merge_fn("fn", always("merged"));
  agent.set_content_type("hits", counter());
  EXPECT_NE(s.get_content_type<std::int64_t>("agent/hits"), nullptr);
  EXPECT_NE(agent.get_content_type<std::int64_t>("hits"), nullptr);
  EXPECT_EQ(worker.get_content_type<std::int64_t>("hits"), nullptr);

  const auto one = counter().encode(1);
  Versioned(kv).commit({{"agent/worker/fn", "t"}, {"agent/hits", one}});
  worker.set("fn", "o");
  agent.set("hits", one);
  agent.commit();
  EXPECT_EQ(worker.get("fn"), "merged");
  EXPECT_EQ(agent.get("hits"), counter().encode(2));
}

TEST_F(NamespacedTest, MergeFunctionsOfACallAreForThePrefixedKey) {
  Versioned(kv).commit({{"agent/k", "t"}});
  agent.set("k", "o");
  agent.commit({.merge_fns = {{"k", always("merged")}}});
  EXPECT_EQ(agent.get("k"), "merged");
}

TEST_F(NamespacedTest, DefaultMergeIsStoreWide) {
  agent.set_default_merge(always("merged"));
  Versioned(kv).commit({{"k", "t"}});
  s.set("k", "o");
  s.commit();
  EXPECT_EQ(s.get("k"), "merged");
}

TEST_F(NamespacedTest, PropertiesDelegateToTheStore) {
  agent.set("k", "v");
  agent.commit();
  EXPECT_EQ(worker.current_commit(), s.current_commit());
  EXPECT_EQ(worker.base_commit(), s.base_commit());
  EXPECT_EQ(worker.last_merge_result()->commit, s.last_merge_result()->commit);
}

TEST_F(NamespacedTest, BranchingDelegatesToTheStore) {
  agent.set("k", "v");
  const std::string commit = *agent.commit().commit;
  EXPECT_EQ(worker.create_branch("dev")->get("agent/k"), "v");
  EXPECT_EQ(worker.checkout(commit)->get("agent/k"), "v");
  EXPECT_EQ(worker.list_branches(), (Keys{"dev", "main"}));
}

TEST(NamespacedLive, WritesAtOnceAndHasNoVersions) {
  Live live;
  Namespaced ns(live, "ns");
  ns.set("k", "v");
  EXPECT_EQ(live.get("ns/k"), "v");
  EXPECT_EQ(ns.current_commit(), std::nullopt);
  EXPECT_EQ(ns.base_commit(), std::nullopt);
  EXPECT_EQ(ns.last_merge_result(), std::nullopt);
  EXPECT_THROW(ns.commit(), Unsupported);
  EXPECT_THROW(ns.reset(), Unsupported);
  EXPECT_THROW(ns.create_branch("dev"), Unsupported);
  EXPECT_THROW(ns.checkout(kUnknownCommit), Unsupported);
  EXPECT_THROW(ns.list_branches(), Unsupported);
  EXPECT_EQ(ns.get("k"), "v");
}

TEST(NamespacedLive, RefusesMergeRegistrations) {
  Live live;
  Namespaced ns(live, "ns");
  EXPECT_THROW(ns.set_merge_fn("k", always("v")), Unsupported);
  EXPECT_THROW(ns.set_default_merge(always("v")), Unsupported);
  EXPECT_THROW(ns.set_content_type("k", counter()), Unsupported);
  EXPECT_THROW(ns.get_content_type<std::int64_t>("k"), Unsupported);
}

}  // namespace
}  // namespace vkv
