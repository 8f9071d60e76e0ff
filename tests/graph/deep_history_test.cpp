// Histories too deep for recursion, on a stack too small for it.
#include <gtest/gtest.h>
#include <pthread.h>

#include <exception>
#include <functional>

#include "core/graph/check.h"
#include "core/graph/log.h"
#include "core/graph/merge.h"
#include "core/graph/merge_base.h"
#include "core/graph/revision.h"
#include "tests/graph/histories.h"

namespace vkv {
namespace {

constexpr std::size_t kStack = 256 * 1024;
constexpr std::size_t kDeep = 100'000;

void run_on_small_stack(std::function<void()> body) {
  pthread_attr_t attributes;
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, kStack), 0);
  pthread_t thread;
  const auto run = [](void* argument) -> void* {
    (*static_cast<std::function<void()>*>(argument))();
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&thread, &attributes, run, &body), 0);
  pthread_attr_destroy(&attributes);
  ASSERT_EQ(pthread_join(thread, nullptr), 0);
}

// One test, for building the history takes most of its time.
TEST(DeepHistory, OfAHundredThousandCommits) {
  History history;
  Repository& repository = history.repository;
  const std::vector<Hash> trunk = history.chain(root_commit_hash(), kDeep);
  const Hash& head = trunk.back();
  const Hash side = history.chain(trunk[10], 3, "side").back();
  repository.refs().swap_head("main", head, std::nullopt);
  repository.refs().swap_head("side", side, std::nullopt);

  run_on_small_stack([&] {
    for (const LogOrder order : {LogOrder::first_parents, LogOrder::all_parents}) {
      LogWalker walker(repository, head, order);
      std::size_t commits = 0;
      while (walker.next()) ++commits;
      EXPECT_EQ(commits, kDeep + 1);
    }
    EXPECT_EQ(merge_bases(repository, head, side), std::vector{trunk[10]});
    EXPECT_TRUE(is_ancestor(repository, trunk[0], head));
    EXPECT_TRUE(is_ancestor(repository, root_commit_hash(), head));
    EXPECT_FALSE(is_ancestor(repository, side, head));
    EXPECT_EQ(resolve_revision(repository, "main~100000", head), root_commit_hash());
    EXPECT_EQ(resolve_revision(repository, "HEAD~99999", head), trunk[0]);
    EXPECT_EQ(merge_commits(repository, head, side, {}).root, empty_root());
    EXPECT_EQ(check_store(history.memory, {}).commits, kDeep + 3);
  });
}

TEST(DeepCrissCross, AThousandLevels) {
  History history;
  Hash left = history.commit({root_commit_hash()}, "left", {{"l", "0"}});
  Hash right = history.commit({root_commit_hash()}, "right", {{"r", "0"}});
  Rows rows{{"l", "0"}, {"r", "0"}};
  for (int level = 0; level < 1000; ++level) {
    rows["l"] = std::to_string(level);
    const Hash next = history.commit({left, right}, "l" + std::to_string(level), rows);
    Rows other = rows;
    other["r"] = std::to_string(level);
    right = history.commit({right, left}, "r" + std::to_string(level), other);
    left = next;
  }
  const std::size_t before = history.repository.chunks().reads();
  run_on_small_stack([&] {
    const MergeOutcome outcome = merge_commits(history.repository, left, right, {});
    EXPECT_EQ(history.rows_of_tree(outcome.root)["l"], "999");
  });
  EXPECT_LT(history.repository.chunks().reads() - before, 50'000u);
}

}  // namespace
}  // namespace vkv
