#include "core/graph/merge_base.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "core/base/error.h"
#include "tests/graph/histories.h"

namespace vkv {
namespace {

using Commits = std::vector<Hash>;

Commits sorted(Commits commits) {
  std::sort(commits.begin(), commits.end());
  return commits;
}

TEST(MergeBases, OfALine) {
  History history;
  const Commits line = history.chain(root_commit_hash(), 5);
  EXPECT_EQ(merge_bases(history.repository, line[4], line[4]), Commits{line[4]});
  EXPECT_EQ(merge_bases(history.repository, line[4], line[1]), Commits{line[1]});
  EXPECT_EQ(merge_bases(history.repository, line[1], line[4]), Commits{line[1]});
  EXPECT_EQ(merge_bases(history.repository, line[4], root_commit_hash()),
            Commits{root_commit_hash()});
}

TEST(MergeBases, OfAFork) {
  History history;
  const Hash fork = history.commit({root_commit_hash()}, "fork");
  const Hash a = history.chain(fork, 3, "a").back();
  const Hash b = history.chain(fork, 10, "b").back();
  EXPECT_EQ(merge_bases(history.repository, a, b), Commits{fork});
}

TEST(MergeBases, OfACrissCrossAreBoth) {
  History history;
  const Hash one = history.commit({root_commit_hash()}, "one");
  const Hash two = history.commit({root_commit_hash()}, "two");
  const Hash a = history.commit({one, two}, "a");
  const Hash b = history.commit({two, one}, "b");
  EXPECT_EQ(merge_bases(history.repository, a, b), sorted({one, two}));
  EXPECT_EQ(merge_bases(history.repository, b, a), sorted({one, two}));
}

TEST(MergeBases, OfUnrelatedHistoriesAreNone) {
  History history;
  const Hash a = history.chain(history.commit({}, "a"), 3, "a").back();
  const Hash b = history.chain(history.commit({}, "b"), 3, "b").back();
  EXPECT_EQ(merge_bases(history.repository, a, b), Commits{});
  EXPECT_FALSE(is_ancestor(history.repository, a, b));
}

TEST(MergeBases, VisitsNoMoreThanItMust) {
  History history;
  const Hash fork = history.chain(root_commit_hash(), 1000).back();
  const Hash a = history.commit({fork}, "a");
  const Hash b = history.commit({fork}, "b");
  const std::size_t before = history.repository.chunks().reads();
  EXPECT_EQ(merge_bases(history.repository, a, b), Commits{fork});
  EXPECT_TRUE(is_ancestor(history.repository, fork, a));
  EXPECT_FALSE(is_ancestor(history.repository, a, b));
  EXPECT_LT(history.repository.chunks().reads() - before, 20u);
}

// A history of commits numbered so that parents come first, and ancestry by its definition.
class RandomHistory {
 public:
  RandomHistory(History& history, std::mt19937_64& random) {
    const std::size_t size = 2 + random() % 24;
    for (std::size_t i = 0; i < size; ++i) {
      std::set<std::size_t> parents;
      const std::size_t wanted = random() % 20 == 0 ? 0 : 1 + (random() % 3 > 0);
      // Recent ones: many merges, hence many best common ancestors.
      for (std::size_t n = 0; n < wanted && i > 0; ++n) {
        parents.insert(i - 1 - random() % std::min<std::size_t>(i, 4));
      }
      add(history, parents);
    }
  }

  Commits merge_bases(std::size_t a, std::size_t b) const {
    Commits bases;
    for (std::size_t i = 0; i < commits.size(); ++i) {
      if (is_common(i, a, b) && !has_common_descendant(i, a, b)) bases.push_back(commits[i]);
    }
    return sorted(bases);
  }

  bool is_ancestor(std::size_t ancestor, std::size_t descendant) const {
    return ancestors_[descendant].contains(ancestor);
  }

  Commits commits;

 private:
  void add(History& history, const std::set<std::size_t>& parents) {
    std::set<std::size_t> ancestors{commits.size()};
    Commits hashes;
    for (const std::size_t parent : parents) {
      ancestors.insert(ancestors_[parent].begin(), ancestors_[parent].end());
      hashes.push_back(commits[parent]);
    }
    ancestors_.push_back(std::move(ancestors));
    commits.push_back(history.commit(std::move(hashes), std::to_string(commits.size())));
  }

  bool is_common(std::size_t i, std::size_t a, std::size_t b) const {
    return is_ancestor(i, a) && is_ancestor(i, b);
  }

  bool has_common_descendant(std::size_t i, std::size_t a, std::size_t b) const {
    for (std::size_t j = 0; j < commits.size(); ++j) {
      if (j != i && is_ancestor(i, j) && is_common(j, a, b)) return true;
    }
    return false;
  }

  std::vector<std::set<std::size_t>> ancestors_;  // each its own
};

TEST(MergeBases, OfRandomHistoriesMatchTheDefinition) {
  std::mt19937_64 random(20);
  std::size_t with_several = 0;
  for (int round = 0; round < 3000; ++round) {
    History history;
    const RandomHistory dag(history, random);
    for (int pair = 0; pair < 12; ++pair) {
      const std::size_t a = random() % dag.commits.size();
      const std::size_t b = random() % dag.commits.size();
      const Commits expected = dag.merge_bases(a, b);
      with_several += expected.size() > 1;
      ASSERT_EQ(merge_bases(history.repository, dag.commits[a], dag.commits[b]), expected) << round;
      ASSERT_EQ(is_ancestor(history.repository, dag.commits[a], dag.commits[b]),
                dag.is_ancestor(a, b))
          << round;
    }
  }
  EXPECT_GT(with_several, 300u);
}

TEST(MergeBases, OfSetsAreThoseOfACommitOnTopOfEach) {
  std::mt19937_64 random(21);
  for (int round = 0; round < 500; ++round) {
    History history;
    const RandomHistory dag(history, random);
    const auto any = [&] { return dag.commits[random() % dag.commits.size()]; };
    const Commits a{any(), any()};
    const Commits b{any()};
    const Hash on_a = history.commit(a, "on a");
    const Hash on_b = history.commit(b, "on b");
    EXPECT_EQ(merge_bases(history.repository, a, b), merge_bases(history.repository, on_a, on_b));
  }
}

TEST(MergeBases, RefuseALyingGeneration) {
  History history;
  const Hash parent = history.chain(root_commit_hash(), 5).back();
  Commit liar;
  liar.root = empty_root();
  liar.parents = {parent};
  liar.generation = 5;
  const Hash lie = history.repository.chunks().write(ObjectType::commit, encode_commit(liar));
  EXPECT_THROW(merge_bases(history.repository, lie, root_commit_hash()), Corruption);
  EXPECT_THROW(is_ancestor(history.repository, root_commit_hash(), lie), Corruption);
}

}  // namespace
}  // namespace vkv
