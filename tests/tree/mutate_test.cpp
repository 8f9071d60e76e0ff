#include "core/tree/mutate.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/tree/trees.h"

namespace vkv {
namespace {

std::string number(std::uint64_t i) {
  std::string digits = std::to_string(i);
  return std::string(12 - digits.size(), '0') + digits;
}

Rows numbered(std::uint64_t count, std::size_t value_size = 100) {
  Rows rows;
  for (std::uint64_t i = 0; i < count; ++i) rows[number(i)] = std::string(value_size, 'v');
  return rows;
}

TEST(ApplyEdits, NothingOverNothingIsTheEmptyTree) {
  Trees trees;
  EXPECT_EQ(trees.build({}), empty_root());
  EXPECT_EQ(trees.apply(empty_root(), {{"a", std::nullopt}}), empty_root());
  EXPECT_EQ(trees.chunks.pending(), 0u);
}

TEST(ApplyEdits, BulkBuild) {
  for (const std::uint64_t count : {1u, 2u, 10u, 50u, 1000u, 20000u}) {
    Trees trees;
    const Rows rows = numbered(count);
    const Hash root = trees.build(rows);
    EXPECT_EQ(trees.rows(root), rows);
    EXPECT_EQ(trees.nodes.get(root)->rows(), count);
  }
}

TEST(ApplyEdits, RandomBatchesMatchAMap) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 200; ++round) {
    Trees trees;
    Rows rows;
    Hash root = empty_root();
    const std::uint64_t keys = 1 + random() % 3000;
    for (int batch = 0; batch < 10; ++batch) {
      Changes changes;
      const std::uint64_t count = random() % (keys + 1);
      const bool removing = random() % 2;
      for (std::uint64_t i = 0; i < count; ++i) {
        auto& value = changes[number(random() % keys)];
        if (!removing || random() % 8 == 0) value = std::string(random() % 200, 'x');
      }
      root = trees.apply(root, changes);
      update(rows, changes);
      ASSERT_EQ(trees.rows(root), rows);
      ASSERT_EQ(Trees().build(rows), root) << round << " " << batch;
    }
  }
}

}  // namespace
}  // namespace vkv
