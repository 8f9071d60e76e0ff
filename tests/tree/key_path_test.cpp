#include "core/tree/key_path.h"

#include <gtest/gtest.h>

#include "tests/tree/trees.h"

namespace vkv {
namespace {

std::string key(int i) { return "key" + std::to_string(1000000 + i); }

Rows rows(int count) {
  Rows rows;
  for (int i = 0; i < count; ++i) rows[key(2 * i)] = "value " + std::to_string(i);
  return rows;
}

std::optional<std::string> value(KeyPath& path) {
  const auto stored = path.value();
  return stored ? std::optional<std::string>(stored->payload) : std::nullopt;
}

TEST(KeyPath, FindsWhatTheTreeHolds) {
  for (const int count : {0, 1, 50, 5000}) {
    Trees trees;
    const Rows held = rows(count);
    const Hash root = trees.build(held);
    for (int i = -1; i < 2 * count + 2; ++i) {
      const std::string k = key(i);
      KeyPath path(trees.nodes, root, k);
      const auto found = held.find(k);
      ASSERT_EQ(value(path), found == held.end() ? std::nullopt : std::optional(found->second))
          << k << " of " << count;
    }
  }
}

TEST(KeyPath, TellsWhetherAKeyChanged) {
  const Rows before = rows(5000);
  Rows far_larger = before;
  for (int i = 0; i < 40000; ++i) far_larger["late" + std::to_string(100000 + i)] = "x";
  const struct {
    const char* name;
    Changes changes;
    int asked;
    bool same;
  } cases[] = {
      {"nothing", {}, 100, true},
      {"the key's value", {{key(100), "other"}}, 100, false},
      {"its removal", {{key(100), std::nullopt}}, 100, false},
      {"its addition", {{key(101), "new"}}, 101, false},
      {"its neighbour", {{key(102), "other"}}, 100, true},
      {"its neighbour, of a key not there", {{key(100), "other"}}, 101, true},
      {"a key far away", {{key(9000), "other"}}, 100, true},
      {"a key before one beyond the end", {{key(100), "other"}}, 20000, true},
      {"one beyond the end", {{key(20000), "other"}}, 20000, false},
  };
  for (const auto& c : cases) {
    Trees trees;
    const Hash root = trees.build(before);
    const Hash changed = trees.apply(root, c.changes);
    const std::string asked = key(c.asked);
    KeyPath old_path(trees.nodes, root, asked);
    KeyPath new_path(trees.nodes, changed, asked);
    EXPECT_EQ(old_path.leads_to_same(new_path), c.same) << c.name;
    EXPECT_EQ(new_path.leads_to_same(old_path), c.same) << c.name;
  }
  Trees trees;
  const Hash small = trees.build(rows(1));
  const Hash large = trees.build(far_larger);
  for (const auto& [i, same] : {std::pair(0, true), {2, false}, {1, true}, {100000, true}}) {
    const std::string asked = key(i);
    KeyPath in_leaf(trees.nodes, small, asked);
    KeyPath in_tall(trees.nodes, large, asked);
    EXPECT_EQ(in_leaf.leads_to_same(in_tall), same) << asked;
    EXPECT_EQ(in_tall.leads_to_same(in_leaf), same) << asked;
  }
}

TEST(KeyPath, ReadsNoLeafWhereThePathsMeetAboveIt) {
  Trees trees;
  const Hash root = trees.build(rows(5000));
  const Hash changed = trees.apply(root, {{key(9000), "other"}});
  trees.chunks.flush();
  trees.cache.clear();
  const unsigned height = trees.nodes.get(root)->level();
  ASSERT_GE(height, 1U);

  const std::size_t reads = trees.chunks.reads();
  const std::string asked = key(100);
  KeyPath old_path(trees.nodes, root, asked);
  KeyPath new_path(trees.nodes, changed, asked);
  EXPECT_TRUE(old_path.leads_to_same(new_path));
  EXPECT_LE(trees.chunks.reads() - reads, 2 * height);
}

}  // namespace
}  // namespace vkv
