#include "core/graph/gc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/graph/hash_set.h"
#include "core/tree/mutate.h"
#include "core/tree/value.h"
#include "tests/graph/histories.h"
#include "tests/tree/trees.h"

namespace vkv {
namespace {

constexpr std::int64_t kHour = 3'600'000;

struct Garbage : History, testing::Test {
  // Commits are born two hours ago unless a test says otherwise.
  Garbage() { now = system_milliseconds() - 2 * kHour; }

  // A tree of one key, whose value is so large that it lives in chunks of its own.
  Hash tree(const std::string& key, char fill) {
    Bytes value(100'000, fill);
    for (std::size_t i = 0; i < value.size(); i += 7) value[i] = static_cast<char>(i * i / 49);
    Bytes scratch;
    Changes changes{{{key, store_value(repository.chunks(), {ValueType::blob, value}, scratch)}}};
    return apply_edits(repository.nodes(), empty_root(), changes);
  }

  Hash commit_tree(const Hash& root, std::vector<Hash> parents) {
    const Hash hash = repository.create_commit(root, std::move(parents), {});
    repository.flush();
    return hash;
  }

  std::size_t objects() {
    std::size_t count = 0;
    for (const char* type : {"c", "n", "l", "b"}) count += memory.keys(type).size();
    return count;
  }

  // Edits from a list.
  struct Changes final : EditSource {
    explicit Changes(std::vector<Edit> list) : edits(std::move(list)) {}
    bool next(Edit& edit) override {
      if (at == edits.size()) return false;
      edit = edits[at++];
      return true;
    }
    std::vector<Edit> edits;
    std::size_t at = 0;
  };
};

TEST_F(Garbage, WhatRefsReachStays) {
  const Hash a = commit_tree(tree("a", 'a'), {root_commit_hash()});
  const Hash b = commit_tree(tree("b", 'b'), {a});
  const Hash tagged = commit_tree(tree("t", 't'), {});
  repository.refs().swap_head("main", b, std::nullopt);
  repository.refs().create_tag("v1", {tagged, {}, {}});
  const auto before = memory.items();
  const GcReport report = collect_garbage(memory, {});
  EXPECT_EQ(report.removed_commits, 0U);
  EXPECT_EQ(report.removed_chunks, 0U);
  EXPECT_EQ(report.live_commits, 3U);
  EXPECT_EQ(report.live_commits + report.live_chunks, objects());
  EXPECT_EQ(memory.items(), before);
}

TEST_F(Garbage, WhatNothingReachesGoesWithItsChunks) {
  const Hash kept = commit_tree(tree("a", 'a'), {});
  repository.refs().swap_head("main", kept, std::nullopt);
  const std::size_t wanted = objects();
  commit_tree(tree("b", 'b'), {kept});
  const std::size_t all = objects();
  ASSERT_GT(all, wanted + 3);  // a commit, a leaf, a list and blobs
  const GcReport report = collect_garbage(memory, {});
  EXPECT_EQ(report.removed_commits, 1U);
  EXPECT_EQ(report.removed_commits + report.removed_chunks, all - wanted);
  EXPECT_EQ(objects(), wanted);
  EXPECT_EQ(collect_garbage(memory, {}).removed_chunks, 0U);
}

TEST_F(Garbage, SharedChunksStay) {
  const Hash root = tree("a", 'a');
  const Hash kept = commit_tree(root, {});
  repository.refs().swap_head("main", kept, std::nullopt);
  commit_tree(root, {kept});
  EXPECT_EQ(collect_garbage(memory, {}).removed_chunks, 0U);
}

TEST_F(Garbage, ExtraCommitsAreWanted) {
  const Hash commits[] = {commit_tree(tree("a", 'a'), {}), commit_tree(tree("b", 'b'), {})};
  const GcReport report = collect_garbage(memory, {.extra_commits = {commits, 1}});
  EXPECT_EQ(report.live_commits, 1U);
  EXPECT_TRUE(repository.has_commit(commits[0]));
  EXPECT_FALSE(repository.has_commit(commits[1]));
}

TEST_F(Garbage, YoungCommitsAndWhatTheyReachStay) {
  const Hash old = commit_tree(tree("a", 'a'), {});
  now = system_milliseconds() - kHour / 2;
  const Hash young = commit_tree(tree("b", 'b'), {old});
  EXPECT_EQ(collect_garbage(memory, {}).removed_commits, 0U);
  EXPECT_EQ(collect_garbage(memory, {.min_age = std::chrono::minutes(10)}).removed_commits, 2U);
  EXPECT_FALSE(repository.has_commit(young));
}

TEST_F(Garbage, AgeZeroRemovesEvenWhatIsBornInTheFuture) {
  now = system_milliseconds() + kHour;
  commit_tree(tree("a", 'a'), {});
  EXPECT_EQ(collect_garbage(memory, {.min_age = std::chrono::milliseconds(0)}).removed_commits, 1U);
}

TEST_F(Garbage, DryRunRemovesNothing) {
  commit_tree(tree("a", 'a'), {});
  const std::size_t all = objects();
  const GcReport report = collect_garbage(memory, {.dry_run = true});
  EXPECT_EQ(report.removed_commits + report.removed_chunks, all);
  EXPECT_EQ(objects(), all);
}

TEST_F(Garbage, OtherKeysStay) {
  memory.set("touch/k", "x");
  memory.set("anything", "x");
  collect_garbage(memory, {.min_age = std::chrono::milliseconds(0)});
  EXPECT_EQ(memory.keys(), (std::vector<std::string>{"anything", "touch/k"}));
}

TEST_F(Garbage, SomethingWantedThatIsMissingIsCorruptionAndNothingIsRemoved) {
  const Hash kept = commit_tree(tree("a", 'a'), {});
  repository.refs().swap_head("main", kept, std::nullopt);
  commit_tree(tree("b", 'b'), {});
  memory.remove(object_key(ObjectType::node, repository.commit(kept).root));
  const auto before = memory.items();
  EXPECT_THROW(collect_garbage(memory, {}), Corruption);
  EXPECT_EQ(memory.items(), before);
}

TEST_F(Garbage, ACheckpointEndsItAndNothingIsRemoved) {
  commit_tree(tree("a", 'a'), {});
  const auto before = memory.items();
  EXPECT_THROW(collect_garbage(memory, {.checkpoint = [] { throw InvalidArgument("stop"); }}),
               InvalidArgument);
  EXPECT_EQ(memory.items(), before);
}

TEST_F(Garbage, ALongChainNeedsNoStack) {
  const Hash last = chain(root_commit_hash(), 20'000).back();
  repository.refs().swap_head("main", last, std::nullopt);
  EXPECT_EQ(collect_garbage(memory, {}).live_commits, 20'000U);
}

TEST_F(Garbage, RunsUnderTheCallersExclusion) {
  commit_tree(tree("a", 'a'), {});
  EXPECT_EQ(collect_garbage(memory,
                            {.min_age = std::chrono::milliseconds(0), .caller_is_exclusive = true})
                .removed_commits,
            1U);
}

TEST(HashSet, HoldsWhatWasInserted) {
  HashSet set;
  std::set<Hash> model;
  for (int i = 0; i < 5000; ++i) {
    const Hash hash = sha256(std::to_string(i % 3000));
    EXPECT_EQ(set.insert(hash), model.insert(hash).second);
  }
  EXPECT_EQ(set.size(), 3000U);
  for (int i = 0; i < 6000; ++i) {
    const Hash hash = sha256(std::to_string(i));
    EXPECT_EQ(set.contains(hash), model.contains(hash));
  }
}

TEST(HashSet, TakesAtMost64BytesForEach) {
  HashSet set;
  for (std::uint64_t i = 0; i < 200'000; ++i) {
    set.insert(sha256({reinterpret_cast<const char*>(&i), sizeof i}));
    if (i >= 10'000 && i % 1000 == 0) {
      ASSERT_LE(set.footprint(), 64 * set.size());
    }
  }
}

}  // namespace
}  // namespace vkv
