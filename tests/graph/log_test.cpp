#include "core/graph/log.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/graph/histories.h"

namespace vkv {
namespace {

std::vector<Hash> log(Repository& repository, const Hash& start, LogOrder order) {
  std::vector<Hash> commits;
  LogWalker walker(repository, start, order);
  while (const auto item = walker.next()) {
    EXPECT_EQ(item->commit, repository.commit(item->hash));
    commits.push_back(item->hash);
  }
  EXPECT_FALSE(walker.next());
  return commits;
}

TEST(LogWalker, OfTheRoot) {
  History history;
  for (const LogOrder order : {LogOrder::first_parents, LogOrder::all_parents}) {
    EXPECT_EQ(log(history.repository, root_commit_hash(), order), std::vector{root_commit_hash()});
  }
}

TEST(LogWalker, FirstParentsOrTheWholeGraphBreadthFirst) {
  History history;
  const Hash root = root_commit_hash();
  const Hash a = history.commit({root}, "a");
  const Hash b = history.commit({a}, "b");
  const Hash side = history.commit({root}, "side");
  const Hash merge = history.commit({b, side}, "merge");
  EXPECT_EQ(log(history.repository, merge, LogOrder::first_parents),
            (std::vector{merge, b, a, root}));
  EXPECT_EQ(log(history.repository, merge, LogOrder::all_parents),
            (std::vector{merge, b, side, a, root}));
}

TEST(LogWalker, EachCommitOnceHoweverManyPathsLeadToIt) {
  History history;
  Hash left = history.commit({root_commit_hash()}, "left");
  Hash right = history.commit({root_commit_hash()}, "right");
  for (int i = 0; i < 60; ++i) {
    const Hash next = history.commit({left, right}, "l" + std::to_string(i));
    right = history.commit({right, left}, "r" + std::to_string(i));
    left = next;
  }
  EXPECT_EQ(log(history.repository, left, LogOrder::all_parents).size(), 2u + 2 * 59 + 1 + 1);
}

TEST(LogWalker, IsLazy) {
  History history;
  const std::vector<Hash> commits = history.chain(root_commit_hash(), 100);
  const std::size_t before = history.repository.chunks().reads();
  LogWalker walker(history.repository, commits.back(), LogOrder::first_parents);
  for (int i = 0; i < 10; ++i) walker.next();
  EXPECT_EQ(history.repository.chunks().reads() - before, 10u);
}

TEST(LogWalker, ReportsAMissingCommit) {
  History history;
  const std::vector<Hash> commits = history.chain(root_commit_hash(), 3);
  history.memory.remove(object_key(ObjectType::commit, commits[1]));
  LogWalker walker(history.repository, commits.back(), LogOrder::all_parents);
  walker.next();
  EXPECT_THROW(walker.next(), Corruption);
}

}  // namespace
}  // namespace vkv
