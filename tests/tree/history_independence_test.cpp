// A tree depends on its rows alone, whatever the way to them.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "tests/tree/trees.h"

namespace vkv {
namespace {

// A run of neighbouring keys, written or removed.
Changes random_run(std::mt19937_64& random) {
  Changes changes;
  const auto first = random() % 2000;
  const auto count = 1 + random() % 40;
  const bool removes = random() % 3 == 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    auto& value = changes["key/" + std::to_string(first + i)];
    if (!removes) value = std::string(random() % 256, static_cast<char>('a' + i % 26));
  }
  return changes;
}

// The rows in random order and batches, with others that come and go between.
Hash build_by_detours(Trees& trees, const Rows& rows, std::mt19937_64& random) {
  std::vector<std::pair<std::string, std::string>> order(rows.begin(), rows.end());
  std::shuffle(order.begin(), order.end(), random);
  Hash root = empty_root();
  Changes visitors;
  for (std::size_t i = 0; i < order.size();) {
    Changes batch = std::exchange(visitors, {});
    for (auto size = 1 + random() % order.size(); size > 0 && i < order.size(); --size) {
      batch[order[i].first] = order[i].second;
      ++i;
    }
    for (auto n = random() % 10; n > 0; --n) {
      const std::string key = "key/" + std::to_string(random() % 3000) + "/visitor";
      batch[key] = "here";
      visitors[key] = std::nullopt;
    }
    root = trees.apply(root, batch);
  }
  return trees.apply(root, visitors);
}

// A thousand histories each.
class HistoryIndependence : public testing::TestWithParam<unsigned> {};

INSTANTIATE_TEST_SUITE_P(Thousands, HistoryIndependence, testing::Range(0u, 10u));

TEST_P(HistoryIndependence, EveryWayToTheSameRowsGivesTheSameRoot) {
  for (unsigned seed = GetParam() * 1000; seed < (GetParam() + 1) * 1000; ++seed) {
    std::mt19937_64 random(seed);
    Trees trees;
    Rows rows;
    Hash root = empty_root();
    for (auto runs = random() % 60; runs > 0; --runs) {
      const Changes changes = random_run(random);
      root = trees.apply(root, changes);
      update(rows, changes);
    }
    ASSERT_EQ(Trees().build(rows), root) << "bulk build, seed " << seed;
    Trees other;
    ASSERT_EQ(build_by_detours(other, rows, random), root) << "by detours, seed " << seed;
    ASSERT_EQ(trees.rows(root), rows) << "seed " << seed;
  }
}

}  // namespace
}  // namespace vkv
