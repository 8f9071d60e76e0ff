// Committing to a branch.
#include <gmock/gmock.h>

#include <functional>
#include <thread>

#include "core/base/error.h"
#include "core/tree/value.h"
#include "tests/graph/branch_writer.h"
#include "tests/graph/cas_only_store.h"

namespace vkv {
namespace {

using CommitToBranch = BranchWriterTest;

TEST_F(CommitToBranch, TheFirstCommitMakesTheBranch) {
  const WriteResult result = commit(root_, {{"a", "1"}});
  EXPECT_EQ(result.strategy, Strategy::fast_forward);
  EXPECT_EQ(head(), result.commit);
  EXPECT_EQ(parents(result.commit), std::vector{root_});
  EXPECT_EQ(repository_.commit(result.commit).metadata, with_message("m"));
  EXPECT_EQ(history_.rows(result.commit), (Rows{{"a", "1"}}));
  EXPECT_EQ(result.auto_merged, Keys{});
}

TEST_F(CommitToBranch, OnTheHeadItFastForwards) {
  const Hash first = commit(root_, {{"a", "1"}, {"b", "1"}}).commit;
  const WriteResult result = commit(first, {{"a", "2"}, {"b", std::nullopt}});
  EXPECT_EQ(result.strategy, Strategy::fast_forward);
  EXPECT_EQ(head(), result.commit);
  EXPECT_EQ(parents(result.commit), std::vector{first});
  EXPECT_EQ(history_.rows(result.commit), (Rows{{"a", "2"}}));
}

TEST_F(CommitToBranch, ANewBranchMayStartAnywhere) {
  const Hash first = commit(root_, {{"a", "1"}}).commit;
  commit(first, {{"a", "2"}});
  CommitRequest request = request_on(first);
  request.branch = "side";
  const WriteResult result = vkv::commit(repository_, request, {{"b", "1"}});
  EXPECT_EQ(result.strategy, Strategy::fast_forward);
  EXPECT_EQ(repository_.refs().head("side"), result.commit);
  EXPECT_EQ(history_.rows(result.commit), (Rows{{"a", "1"}, {"b", "1"}}));
}

TEST_F(CommitToBranch, WhatChangesNothingIsNoCommit) {
  const Hash first = commit(root_, {{"a", "1"}}).commit;
  const auto before = stored();
  for (const Changes& changes : {Changes{}, Changes{{"a", "1"}}, Changes{{"x", std::nullopt}}}) {
    const WriteResult result = commit(first, changes);
    EXPECT_EQ(result.strategy, Strategy::no_op);
    EXPECT_EQ(result.commit, first);
  }
  EXPECT_EQ(stored(), before);
}

TEST_F(CommitToBranch, WhatChangesNothingMakesNoBranch) {
  EXPECT_EQ(commit(root_, {{"x", std::nullopt}}).strategy, Strategy::no_op);
  EXPECT_EQ(head(), std::nullopt);
}

TEST_F(CommitToBranch, AllowEmpty) {
  CommitRequest request = request_on(root_);
  request.allow_empty = true;
  const WriteResult result = vkv::commit(repository_, request, {});
  EXPECT_EQ(result.strategy, Strategy::fast_forward);
  EXPECT_EQ(head(), result.commit);
  EXPECT_NE(result.commit, root_);
}

TEST_F(CommitToBranch, OnAnOlderBaseItMergesWithTheHead) {
  const Hash base = commit(root_, {{"a", "1"}, {"b", "1"}}).commit;
  const Hash theirs = commit(base, {{"a", "2"}}).commit;
  const WriteResult result = commit(base, {{"b", std::nullopt}, {"c", "1"}});
  EXPECT_EQ(result.strategy, Strategy::three_way);
  EXPECT_EQ(head(), result.commit);
  EXPECT_EQ(history_.rows(result.commit), (Rows{{"a", "2"}, {"c", "1"}}));
  EXPECT_EQ(result.auto_merged, (Keys{"b", "c"}));
  ASSERT_EQ(parents(result.commit).size(), 2u);
  EXPECT_EQ(parents(result.commit)[0], theirs);
  const Commit ours = repository_.commit(parents(result.commit)[1]);
  EXPECT_EQ(ours.parents, std::vector{base});
  EXPECT_EQ(ours.metadata, CommitMetadata());
  EXPECT_EQ(history_.rows_of_tree(ours.root), (Rows{{"a", "1"}, {"c", "1"}}));
  EXPECT_EQ(repository_.commit(result.commit).metadata, with_message("m"));
}

TEST_F(CommitToBranch, OursIsTheWriterTheirsTheHead) {
  const Hash base = commit(root_, {{"k", "b"}}).commit;
  commit(base, {{"k", "t"}});
  CommitRequest request = request_on(base);
  request.rules.function = [](const MergeInput& input) {
    return MergeAnswer{
        MergeAnswer::Kind::value,
        {ValueType::blob, input.base->bytes + input.ours->bytes + input.theirs->bytes}};
  };
  const WriteResult result = vkv::commit(repository_, request, {{"k", "o"}});
  EXPECT_EQ(history_.rows(result.commit), (Rows{{"k", "bot"}}));
  EXPECT_EQ(result.auto_merged, Keys{"k"});
}

TEST_F(CommitToBranch, AConflictChangesNothingAndNamesEveryKey) {
  const Hash base = commit(root_, {{"a", "b"}, {"b", "b"}, {"c", "b"}}).commit;
  commit(base, {{"a", "t"}, {"b", "t"}});
  const auto before = stored();
  CommitRequest request = request_on(base);
  request.rules.function = [](const MergeInput& input) -> MergeAnswer {
    if (input.key == "b") throw std::runtime_error("why");
    return {};
  };
  try {
    vkv::commit(repository_, request, {{"a", "o"}, {"b", "o"}, {"c", "o"}});
    FAIL();
  } catch (const MergeConflict& conflict) {
    EXPECT_EQ(conflict.conflicting_keys(), (Keys{"a", "b"}));
    EXPECT_EQ(conflict.merge_errors(), (std::map<std::string, std::string>{{"b", "why"}}));
  }
  EXPECT_EQ(stored(), before);
}

TEST_F(CommitToBranch, AfterTheBranchWasForcedBackItMergesWhatItHas) {
  const Hash first = commit(root_, {{"a", "1"}}).commit;
  const Hash second = commit(first, {{"b", "1"}}).commit;
  repository_.refs().swap_head("main", first, second);
  const WriteResult result = commit(second, {{"c", "1"}});
  EXPECT_EQ(result.strategy, Strategy::three_way);
  EXPECT_EQ(history_.rows(result.commit), (Rows{{"a", "1"}, {"b", "1"}, {"c", "1"}}));
}

TEST_F(CommitToBranch, AfterTheBranchWasRebasedItRefuses) {
  const Hash base = history_.commit({}, "mine", {{"a", "1"}});
  repository_.refs().swap_head("main", history_.commit({}, "fresh", {{"a", "1"}}), std::nullopt);
  const auto before = stored();
  EXPECT_THROW(commit(base, {{"b", "1"}}), NoCommonAncestor);
  EXPECT_EQ(stored(), before);
}

TEST_F(CommitToBranch, RefusesABranchNameThatIsNone) {
  CommitRequest request = request_on(root_);
  request.branch = "a b";
  EXPECT_THROW(vkv::commit(repository_, request, {{"a", "1"}}), InvalidArgument);
  EXPECT_EQ(stored(), KVStore::Entries());
}

TEST_F(CommitToBranch, EqualCommitsAreEqualInEveryStore) {
  History other;
  other.now += 12345;
  EXPECT_EQ(commit(root_, {{"a", "1"}}).commit,
            vkv::commit(other.repository, request_on(root_), {{"a", "1"}}).commit);
}

TEST_F(CommitToBranch, AnExceptionOfTheEditsLeavesNothingQueued) {
  struct Failing final : EditSource {
    bool next(Edit&) override { throw std::runtime_error("interrupted"); }
  } edits;
  Bytes scratch;
  store_value(repository_.chunks(), {ValueType::blob, Bytes(5000, 'x')}, scratch);
  EXPECT_THROW(commit_to_branch(repository_, request_on(root_), edits), std::runtime_error);
  EXPECT_EQ(stored(), KVStore::Entries());
}

TEST_F(CommitToBranch, WritesOneBatchOrSeveralAlike) {
  History small;
  Repository repository(small.memory, small.cache, {.batch_bytes = 1000, .clock = {}});
  Changes changes;
  for (int i = 0; i < 5000; ++i) changes[std::to_string(i)] = std::string(50, 'v');
  EXPECT_EQ(vkv::commit(repository, request_on(root_), changes).commit,
            commit(root_, changes).commit);
  EXPECT_EQ(repository.chunks().pending(), 0u);
  EXPECT_EQ(small.memory.keys(), history_.memory.keys());
}

// Another writer moves the branch at the last moment.
template <typename Store>
class Overtaking final : public Store {
 public:
  bool cas(std::string_view key, BytesView value, std::optional<BytesView> expected) override {
    if (overtake) std::exchange(overtake, nullptr)();
    return Store::cas(key, value, expected);
  }
  std::function<void()> overtake;
};

// Loses the swap, then tries again.
void lose_and_retry(KVStore& kv, std::function<void()>& overtake) {
  NodeCache cache(1 << 20);
  Repository repository(kv, cache);
  const Hash base = commit(repository, request_on(root_commit_hash()), {{"a", "1"}}).commit;
  const Hash theirs = commit(repository, request_on(base), {{"a", "2"}}).commit;
  repository.refs().swap_head("main", base, theirs);
  overtake = [&] { kv.set("heads/main", theirs.view()); };
  try {
    commit(repository, request_on(base), {{"b", "1"}});
    FAIL();
  } catch (const NoCommonAncestor&) {
    FAIL();
  } catch (const ConcurrencyError& error) {
    EXPECT_STREQ(error.what(), "branch 'main' was moved by another writer");
  }
  EXPECT_EQ(repository.chunks().pending(), 0u);
}

TEST(BranchWriter, ALostSwapIsAConcurrencyError) {
  Overtaking<CasOnlyStore> store;
  lose_and_retry(store, store.overtake);
  NodeCache cache(1 << 20);
  Repository repository(store, cache);
  const Hash theirs = *repository.refs().head("main");
  const WriteResult again =
      commit(repository, request_on(repository.commit(theirs).parents[0]), {{"b", "1"}});
  EXPECT_EQ(again.strategy, Strategy::three_way);
  EXPECT_EQ(repository.commit(again.commit).parents[0], theirs);
}

// Garbage is collected just before the head would be swapped.
class Collecting final : public CasOnlyStore {
 public:
  bool exclusive(const std::function<void()>& body) override {
    if (collect) std::exchange(collect, nullptr)();
    return CasOnlyStore::exclusive(body);
  }
  std::function<void()> collect;
};

TEST(BranchWriter, RefusesToBuildOnWhatGarbageCollectionTook) {
  Collecting store;
  NodeCache cache(1 << 20);
  Repository repository(store, cache);
  const Hash root = repository.commit(root_commit_hash()).root;
  const Hash base = repository.create_commit(root, {root_commit_hash()}, with_message("base"));
  repository.flush();
  store.collect = [&] { store.remove(object_key(ObjectType::commit, base)); };
  try {
    commit(repository, request_on(base), {{"a", "1"}});
    FAIL();
  } catch (const ConcurrencyError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("garbage collection"));
  }
  EXPECT_EQ(repository.refs().head("main"), std::nullopt);
  EXPECT_EQ(repository.chunks().pending(), 0u);
  EXPECT_EQ(store.keys(), std::vector<std::string>{});
}

TEST(BranchWriter, WritersInThreadsLoseNothing) {
  constexpr int kThreads = 4;
  constexpr int kCommits = 100;
  Memory memory;
  const auto write = [&memory](int thread) {
    NodeCache cache(1 << 20);
    Repository repository(memory, cache);
    Hash base = root_commit_hash();
    for (int i = 0; i < kCommits; ++i) {
      const Changes changes{{std::to_string(thread) + "/" + std::to_string(i), "v"}};
      for (bool done = false; !done;) {
        try {
          base = commit(repository, request_on(base), changes).commit;
          done = true;
        } catch (const ConcurrencyError&) {
        }
      }
    }
  };
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) threads.emplace_back(write, thread);
  for (std::thread& thread : threads) thread.join();
  NodeCache cache(1 << 20);
  Repository repository(memory, cache);
  const Commit head = repository.commit(*repository.refs().head("main"));
  EXPECT_EQ(repository.nodes().get(head.root)->rows(), std::uint64_t{kThreads * kCommits});
}

}  // namespace
}  // namespace vkv
