#include <gtest/gtest.h>

#include "tests/tree/trees.h"

namespace vkv {
namespace {

constexpr std::size_t kRetired = 1024;  // as many as stay

std::string name(std::size_t i) { return "node " + std::to_string(i); }

class RetiredNodes : public testing::Test {
 protected:
  // A tree of one leaf, in the cache.
  Hash leaf(std::size_t i) {
    const Hash hash = trees.build({{name(i), "value"}});
    trees.nodes.get(hash);
    return hash;
  }

  void retire(const Hash& hash) { trees.nodes.retire_root(hash); }

  bool is_cached(const Hash& hash) {
    CacheRef ref;
    return trees.cache.find(hash, ref) != nullptr;
  }

  Trees trees;
};

TEST_F(RetiredNodes, TheLastOnesStay) {
  const Hash first = leaf(0);
  const Hash second = leaf(1);
  retire(first);
  for (std::size_t i = 1; i < kRetired; ++i) retire(leaf(i));
  EXPECT_TRUE(is_cached(first));

  retire(first);  // is_cached() has used it: it is retired once more
  retire(leaf(kRetired));
  EXPECT_TRUE(is_cached(first));
  EXPECT_FALSE(is_cached(second));
}

TEST_F(RetiredNodes, OneThatIsFoundStays) {
  const Hash used = leaf(0);
  const Hash unused = leaf(1);
  retire(used);
  retire(unused);
  ASSERT_TRUE(is_cached(used));
  for (std::size_t i = 2; i < 2 * kRetired; ++i) retire(leaf(i));
  EXPECT_TRUE(is_cached(used));
  EXPECT_FALSE(is_cached(unused));
}

TEST_F(RetiredNodes, ASeriesOfChangesTakesNoMoreAndMoreMemory) {
  Rows rows;
  for (std::size_t i = 0; i < 1000; ++i) rows[name(i)] = std::string(100, 'v');
  Hash root = trees.build(rows);
  const auto change = [&](std::size_t times) {
    for (std::size_t i = 0; i < times; ++i) {
      const std::string key = name(i * 7 % rows.size());
      const std::string value = "value " + std::to_string(trees.chunks.pending());
      root = trees.apply(root, {{key, value}});
      trees.nodes.get(root);
      update(rows, {{key, value}});
    }
  };
  change(kRetired);
  const std::size_t used = trees.cache.used();
  change(3 * kRetired);
  EXPECT_LE(trees.cache.used(), used + used / 10);
  EXPECT_EQ(trees.rows(root), rows);
}

}  // namespace
}  // namespace vkv
