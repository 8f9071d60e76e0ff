#include "core/tree/merge.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "core/tree/cursor.h"
#include "tests/tree/trees.h"

namespace vkv {
namespace {

using Keys = std::vector<std::string>;
using MaybeText = std::optional<std::string>;

MaybeText text_of(const std::optional<StoredValue>& value) {
  if (!value) return {};
  return std::string(value->payload);
}

MaybeText at(const Rows& rows, const std::string& key) {
  const auto found = rows.find(key);
  if (found == rows.end()) return {};
  return found->second;
}

struct Merged {
  Rows rows;
  Hash root;
  Keys contested;
  Keys auto_merged;
};

using Settle = std::function<Settlement(const Contest&)>;

Merged merge(Trees& trees, const Hash& base, const Hash& ours, const Hash& theirs,
             const Settle& settle, const std::set<std::string, std::less<>>& unsettled = {}) {
  Merged merged;
  TreeMergeHooks hooks;
  hooks.settle = [&](const Contest& contest) {
    merged.contested.emplace_back(contest.key);
    return settle(contest);
  };
  hooks.on_auto_merged = [&](BytesView key) { merged.auto_merged.emplace_back(key); };
  hooks.unsettled = &unsettled;
  merged.root = merge_trees(trees.nodes, base, ours, theirs, hooks);
  merged.rows = trees.rows(merged.root);
  return merged;
}

Settlement settled(Settlement::Kind kind, std::string value = {}) {
  return {kind, Value(ValueType::blob, std::move(value))};
}

Settlement conflict(const Contest&) { return settled(Settlement::Kind::conflict); }

// One key: its value at base, ours and theirs, and what must come out of it.
TEST(MergeTrees, Cases) {
  const MaybeText none;
  enum class Expect { clean, auto_merged, contested };
  using enum Expect;
  const struct {
    MaybeText base, ours, theirs;
    Expect expect;
    MaybeText merged;  // a conflict keeps ours
    Expect if_unsettled;
  } cases[] = {
      {none, none, "t", clean, "t", contested},     {none, "o", none, auto_merged, "o", contested},
      {none, "x", "x", clean, "x", clean},          {none, "o", "t", contested, "o", contested},
      {"b", "b", "b", clean, "b", clean},           {"b", "b", "t", clean, "t", contested},
      {"b", "o", "b", auto_merged, "o", contested}, {"b", "x", "x", clean, "x", clean},
      {"b", "o", "t", contested, "o", contested},   {"b", none, "b", auto_merged, none, contested},
      {"b", "b", none, clean, none, contested},     {"b", none, none, clean, none, clean},
      {"b", none, "t", contested, none, contested}, {"b", "o", none, contested, "o", contested},
  };
  for (const auto& example : cases) {
    for (const bool unsettled : {false, true}) {
      Trees trees;
      const auto side = [&](const MaybeText& value) {
        return trees.build(value ? Rows{{"a", ""}, {"k", *value}} : Rows{{"a", ""}});
      };
      MaybeText base, ours, theirs;
      const Merged merged = merge(
          trees, side(example.base), side(example.ours), side(example.theirs),
          [&](const Contest& contest) {
            EXPECT_EQ(text_of(contest.base), example.base);
            EXPECT_EQ(text_of(contest.ours), example.ours);
            EXPECT_EQ(text_of(contest.theirs), example.theirs);
            EXPECT_EQ(contest.unsettled, unsettled);
            return settled(Settlement::Kind::conflict);
          },
          unsettled ? std::set<std::string, std::less<>>{"k"}
                    : std::set<std::string, std::less<>>{});
      const Expect expect = unsettled ? example.if_unsettled : example.expect;
      const std::string shown = example.base.value_or("-") + example.ours.value_or("-") +
                                example.theirs.value_or("-") + (unsettled ? " unsettled" : "");
      EXPECT_EQ(merged.contested, expect == contested ? Keys{"k"} : Keys{}) << shown;
      EXPECT_EQ(merged.auto_merged, expect == auto_merged ? Keys{"k"} : Keys{}) << shown;
      const MaybeText result = unsettled && expect == contested ? example.ours : example.merged;
      EXPECT_EQ(at(merged.rows, "k"), result) << shown;
    }
  }
}

// Both sides changed k to x: combine() may make something else of that.
TEST(MergeTrees, EqualChangesMayCombine) {
  using Kind = Settlement::Kind;
  const struct {
    MaybeText base;
    Settlement combined;
    MaybeText merged;
    bool auto_merged;
  } cases[] = {
      {"b", settled(Kind::value, "xx"), "xx", true}, {{}, settled(Kind::value, "xx"), "xx", true},
      {"b", settled(Kind::ours), "x", false},        {"b", settled(Kind::removal), {}, true},
      {"b", settled(Kind::conflict), "x", false},
  };
  for (const auto& example : cases) {
    Trees trees;
    const Hash base = trees.build(example.base ? Rows{{"k", *example.base}} : Rows{});
    const Hash side = trees.build({{"k", "x"}});
    Keys asked;
    Keys auto_merged;
    TreeMergeHooks hooks;
    hooks.settle = conflict;
    hooks.combine = [&](const Contest& contest) {
      asked.emplace_back(contest.key);
      EXPECT_EQ(text_of(contest.base), example.base);
      return example.combined;
    };
    hooks.on_auto_merged = [&](BytesView key) { auto_merged.emplace_back(key); };
    const Rows rows = trees.rows(merge_trees(trees.nodes, base, side, side, hooks));
    EXPECT_EQ(asked, Keys{"k"});
    EXPECT_EQ(at(rows, "k"), example.merged);
    EXPECT_EQ(auto_merged, example.auto_merged ? Keys{"k"} : Keys{});
  }
}

TEST(MergeTrees, OnlyEqualChangesOfPresentSettledKeysCombine) {
  Trees trees;
  const Hash base = trees.build({{"a", "b"}, {"b", "b"}, {"c", "b"}, {"u", "b"}});
  const Hash ours = trees.build({{"a", "b"}, {"c", "o"}, {"u", "x"}});    // b removed
  const Hash theirs = trees.build({{"a", "t"}, {"c", "b"}, {"u", "x"}});  // b removed
  const std::set<std::string, std::less<>> unsettled = {"u"};
  TreeMergeHooks hooks;
  hooks.settle = conflict;
  hooks.unsettled = &unsettled;
  hooks.combine = [](const Contest& contest) {
    ADD_FAILURE() << contest.key;
    return settled(Settlement::Kind::ours);
  };
  merge_trees(trees.nodes, base, ours, theirs, hooks);
}

TEST(MergeTrees, ASettlementIsCarriedOut) {
  using Kind = Settlement::Kind;
  const struct {
    Settlement settlement;
    MaybeText merged;
    bool auto_merged;
  } cases[] = {
      {settled(Kind::ours), "o", true},       {settled(Kind::theirs), "t", true},
      {settled(Kind::value, "v"), "v", true}, {settled(Kind::removal), {}, true},
      {settled(Kind::conflict), "o", false},
  };
  for (const auto& example : cases) {
    Trees trees;
    const Merged merged =
        merge(trees, trees.build({{"k", "b"}}), trees.build({{"k", "o"}}),
              trees.build({{"k", "t"}}), [&](const Contest&) { return example.settlement; });
    EXPECT_EQ(merged.rows, example.merged ? (Rows{{"k", *example.merged}}) : Rows{});
    EXPECT_EQ(merged.auto_merged, example.auto_merged ? Keys{"k"} : Keys{});
  }
}

TEST(MergeTrees, ALargeValueMaySettle) {
  Trees trees;
  const std::string large(100'000, 'v');
  TreeMergeHooks hooks;
  hooks.settle = [&](const Contest&) { return settled(Settlement::Kind::value, large); };
  const Hash root = merge_trees(trees.nodes, empty_root(), trees.build({{"k", "o"}}),
                                trees.build({{"k", "t"}}), hooks);
  Cursor cursor(trees.nodes, root);
  ASSERT_TRUE(cursor.find("k"));
  EXPECT_EQ(load_value(trees.chunks, cursor.value()).bytes, large);
}

Rows random_side(std::mt19937_64& random, const Rows& base, std::size_t changes) {
  Rows side = base;
  for (std::size_t i = 0; i < changes; ++i) {
    const std::string key = std::to_string(random() % 3000);
    if (random() % 3 == 0) {
      side.erase(key);
    } else {
      side[key] = std::string(random() % 100, static_cast<char>('a' + random() % 3));
    }
  }
  return side;
}

// The merge by definition, for all keys there are.
Rows naive_merge(const Rows& base, const Rows& ours, const Rows& theirs, Keys& contested) {
  std::set<std::string> keys;
  for (const Rows* rows : {&base, &ours, &theirs}) {
    for (const auto& [key, value] : *rows) keys.insert(key);
  }
  Rows merged;
  for (const std::string& key : keys) {
    const MaybeText b = at(base, key), o = at(ours, key), t = at(theirs, key);
    if (o != t && b != o && b != t) contested.push_back(key);
    const MaybeText result = b == o ? t : o;
    if (result) merged[key] = *result;
  }
  return merged;
}

TEST(MergeTrees, RandomTreesMatchTheDefinitionFromBothSides) {
  std::mt19937_64 random(6);
  for (int round = 0; round < 300; ++round) {
    Trees trees;
    const Rows base = random_side(random, {}, random() % 4000);
    const Rows ours = random_side(random, base, random() % 300);
    const Rows theirs = random_side(random, base, random() % 300);
    const Hash b = trees.build(base), o = trees.build(ours), t = trees.build(theirs);

    Keys contested;
    const Rows expected = naive_merge(base, ours, theirs, contested);
    const Merged merged = merge(trees, b, o, t, conflict);
    ASSERT_EQ(merged.rows, expected) << round;
    ASSERT_EQ(merged.root, Trees().build(expected)) << round;
    ASSERT_EQ(merged.contested, contested) << round;
    ASSERT_EQ(merge(trees, b, t, o, conflict).contested, contested) << round;

    const auto larger = [](const Contest& contest) {
      const MaybeText mine = text_of(contest.ours), other = text_of(contest.theirs);
      return settled(mine > other ? Settlement::Kind::ours : Settlement::Kind::theirs);
    };
    ASSERT_EQ(merge(trees, b, o, t, larger).root, merge(trees, b, t, o, larger).root) << round;
  }
}

TEST(MergeTrees, CostFollowsTheChanges) {
  Trees trees(1);  // no cache: every node visited is read
  Rows rows;
  for (int i = 0; i < 100'000; ++i) rows[std::to_string(i)] = "value";
  const Hash base = trees.build(rows);
  const Hash ours = trees.apply(base, {{"5", "ours"}, {"50000", "ours"}});
  const Hash theirs = trees.apply(base, {{"7", "theirs"}, {"70000", std::nullopt}});
  trees.chunks.flush();
  const std::size_t reads = trees.chunks.reads();
  const Merged merged = [&] {
    TreeMergeHooks hooks;
    hooks.settle = conflict;
    Merged result;
    result.root = merge_trees(trees.nodes, base, ours, theirs, hooks);
    return result;
  }();
  EXPECT_LE(trees.chunks.reads() - reads, 100u);
  EXPECT_EQ(trees.rows(merged.root).size(), 99'999u);
}

}  // namespace
}  // namespace vkv
