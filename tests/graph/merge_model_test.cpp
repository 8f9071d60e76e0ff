// Random histories merged, and compared with merging by definition.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "core/graph/merge.h"
#include "core/graph/merge_base.h"
#include "tests/graph/histories.h"

namespace vkv {
namespace {

using Commits = std::vector<Hash>;
using Side = std::optional<std::string>;

Side at(const Rows& rows, const std::string& key) {
  const auto it = rows.find(key);
  return it == rows.end() ? Side() : Side(it->second);
}

void put(Rows& rows, const std::string& key, const Side& value) {
  if (value) {
    rows[key] = *value;
  } else {
    rows.erase(key);
  }
}

// Merges by the definition in the documents: over all keys, recursively.
class Model {
 public:
  struct Merged {
    Rows rows;
    std::set<std::string> disputed;
    std::vector<std::string> auto_merged;
  };

  Model(History& history, std::map<Hash, Rows>& contents)
      : history_(history), contents_(contents) {}

  Merged merge(const Hash& ours, const Hash& theirs) {
    const Merged base = virtual_base(merge_bases(history_.repository, ours, theirs));
    return merge3(base.rows, contents_[ours], contents_[theirs], base.disputed);
  }

 private:
  Merged virtual_base(const Commits& commits) {
    Merged result;
    if (commits.empty()) return result;
    result.rows = contents_[commits.front()];
    Commits done{commits.front()};
    for (std::size_t i = 1; i < commits.size(); ++i) {
      const Merged base = virtual_base(merge_bases(history_.repository, done, {&commits[i], 1}));
      std::set<std::string> unsettled = base.disputed;
      unsettled.insert(result.disputed.begin(), result.disputed.end());
      Merged next = merge3(base.rows, result.rows, contents_[commits[i]], unsettled);
      next.disputed.insert(result.disputed.begin(), result.disputed.end());
      result = std::move(next);
      done.push_back(commits[i]);
    }
    return result;
  }

  static Merged merge3(const Rows& base, const Rows& ours, const Rows& theirs,
                       const std::set<std::string>& unsettled) {
    std::set<std::string> keys;
    for (const Rows* rows : {&base, &ours, &theirs}) {
      for (const auto& [key, value] : *rows) keys.insert(key);
    }
    Merged merged;
    for (const std::string& key : keys) {
      const Side b = at(base, key), o = at(ours, key), t = at(theirs, key);
      const bool contested = o != t && (unsettled.contains(key) || (o != b && t != b));
      if (contested) merged.disputed.insert(key);
      put(merged.rows, key, contested || o != b ? o : t);
      if (!contested && o != b && t == b) merged.auto_merged.push_back(key);
    }
    return merged;
  }

  History& history_;
  std::map<Hash, Rows>& contents_;
};

// Commits with few keys and few values, so that much is contested; many of them merges.
class RandomMerges {
 public:
  explicit RandomMerges(std::uint64_t seed) : random_(seed) {
    add({root_commit_hash()}, {});
    const std::size_t size = 3 + random_() % 20;
    while (commits_.size() < size) {
      const Hash one = recent(3);
      const Hash two = recent(3);
      const bool merges = one != two && random_() % 4 > 0;
      add_on(one, merges ? std::optional(two) : std::nullopt);
      if (merges && random_() % 2) add_on(two, one);
    }
  }

  Hash any() { return recent(6); }

  History history;
  std::map<Hash, Rows> contents;

 private:
  // One of the last few, for there the histories cross.
  Hash recent(std::size_t few) {
    return commits_[commits_.size() - 1 - random_() % std::min(few, commits_.size())];
  }

  // Takes some of `other`'s rows, and changes a few.
  void add_on(const Hash& parent, const std::optional<Hash>& other) {
    Rows rows = contents[parent];
    Commits parents{parent};
    if (other) {
      parents.push_back(*other);
      for (const auto& [key, value] : contents[*other]) {
        if (random_() % 2) rows[key] = value;
      }
    }
    for (std::uint64_t n = random_() % 3; n > 0; --n) change(rows);
    add(parents, rows);
  }

  void change(Rows& rows) {
    const std::string key = "k" + std::to_string(random_() % 5);
    put(rows, key, random_() % 4 ? Side(std::to_string(random_() % 3)) : Side());
  }

  void add(const Commits& parents, const Rows& rows) {
    commits_.push_back(history.commit(parents, std::to_string(commits_.size()), rows));
    contents[commits_.back()] = rows;
  }

  std::mt19937_64 random_;
  Commits commits_;
};

TEST(MergeModel, RandomHistoriesMergeByTheDefinition) {
  int criss_crosses = 0;
  int conflicts = 0;
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    RandomMerges dag(seed);
    Model model(dag.history, dag.contents);
    for (int pair = 0; pair < 8; ++pair) {
      const Hash ours = dag.any();
      const Hash theirs = dag.any();
      const MergeOutcome outcome = merge_commits(dag.history.repository, ours, theirs, {});
      const Model::Merged expected = model.merge(ours, theirs);
      criss_crosses += outcome.bases.size() > 1;
      conflicts += !outcome.conflicts.empty();
      ASSERT_EQ(dag.history.rows_of_tree(outcome.root), expected.rows) << seed;
      ASSERT_EQ(outcome.conflicts, std::vector(expected.disputed.begin(), expected.disputed.end()))
          << seed;
      ASSERT_EQ(outcome.auto_merged, expected.auto_merged) << seed;
    }
  }
  EXPECT_GT(criss_crosses, 500);
  EXPECT_GT(conflicts, 500);
}

// The greater of the two, or removal.
MergeAnswer symmetric(const MergeInput& input) {
  if (!input.ours || !input.theirs) return {MergeAnswer::Kind::removal, {}};
  return {MergeAnswer::Kind::value,
          input.ours->bytes > input.theirs->bytes ? *input.ours : *input.theirs};
}

TEST(MergeModel, MergingIsSymmetric) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    RandomMerges dag(seed);
    for (int pair = 0; pair < 8; ++pair) {
      const Hash a = dag.any();
      const Hash b = dag.any();
      for (const MergeFunction& function : {MergeFunction(), MergeFunction(symmetric)}) {
        const MergeOutcome ab = merge_commits(dag.history.repository, a, b, {.function = function});
        const MergeOutcome ba = merge_commits(dag.history.repository, b, a, {.function = function});
        ASSERT_EQ(ab.conflicts, ba.conflicts) << seed;
        ASSERT_EQ(ab.bases, ba.bases) << seed;
        Rows mirrored = dag.history.rows_of_tree(ba.root);
        for (const std::string& key : ba.conflicts) {
          ASSERT_EQ(at(mirrored, key), at(dag.contents[b], key));
          put(mirrored, key, at(dag.contents[a], key));
        }
        ASSERT_EQ(dag.history.rows_of_tree(ab.root), mirrored) << seed;
      }
    }
  }
}

TEST(MergeModel, OursAndTheirsMirrorEachOther) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    RandomMerges dag(seed);
    const Hash a = dag.any();
    const Hash b = dag.any();
    const auto root = [&](const Hash& ours, const Hash& theirs, MergeRules::Fallback fallback) {
      return merge_commits(dag.history.repository, ours, theirs,
                           {.function = {}, .fallback = fallback})
          .root;
    };
    ASSERT_EQ(root(a, b, MergeRules::Fallback::ours), root(b, a, MergeRules::Fallback::theirs))
        << seed;
  }
}

}  // namespace
}  // namespace vkv
