#include "core/tree/diff.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "tests/tree/trees.h"

namespace vkv {
namespace {

struct Change {
  DiffKind kind;
  std::string key;
  std::string before;
  std::string after;

  friend bool operator==(const Change&, const Change&) = default;
};

std::string text_of(const std::optional<StoredValue>& value) {
  return value ? std::string(value->payload) : std::string();
}

std::vector<Change> rest(DiffCursor& cursor) {
  std::vector<Change> changes;
  for (Difference d; cursor.next(d);) {
    EXPECT_EQ(d.before.has_value(), d.kind != DiffKind::added);
    EXPECT_EQ(d.after.has_value(), d.kind != DiffKind::removed);
    changes.push_back({d.kind, std::string(d.key), text_of(d.before), text_of(d.after)});
  }
  return changes;
}

std::vector<Change> diff(Trees& trees, const Hash& before, const Hash& after) {
  DiffCursor cursor(trees.nodes, before, after);
  return rest(cursor);
}

std::vector<Change> naive_diff(const Rows& before, const Rows& after) {
  std::map<std::string, Change> changes;
  for (const auto& [key, value] : before) {
    if (!after.contains(key)) changes[key] = {DiffKind::removed, key, value, ""};
  }
  for (const auto& [key, value] : after) {
    const auto old = before.find(key);
    if (old == before.end()) {
      changes[key] = {DiffKind::added, key, "", value};
    } else if (old->second != value) {
      changes[key] = {DiffKind::modified, key, old->second, value};
    }
  }
  std::vector<Change> list;
  for (auto& [key, change] : changes) list.push_back(std::move(change));
  return list;
}

Rows random_rows(std::mt19937_64& random, std::size_t count) {
  Rows rows;
  while (rows.size() < count) {
    rows[std::to_string(random() % 1'000'000)] = std::string(random() % 150, 'a');
  }
  return rows;
}

Changes random_changes(std::mt19937_64& random, const Rows& rows, std::size_t count) {
  Changes changes;
  for (std::size_t i = 0; i < count; ++i) {
    const auto near = rows.lower_bound(std::to_string(random() % 1'000'000));
    switch (random() % 3) {
      case 0:
        changes[std::to_string(random() % 1'000'000)] = std::string(random() % 150, 'b');
        break;
      case 1:
        if (near != rows.end()) changes[near->first] = "changed";
        break;
      default:
        if (near != rows.end()) changes[near->first] = std::nullopt;
    }
  }
  return changes;
}

TEST(DiffCursor, Cases) {
  Trees trees;
  const Rows rows = {{"a", "1"}, {"b", "2"}, {"c", "3"}};
  const struct {
    const char* what;
    Changes changes;
    std::vector<Change> expected;
  } cases[] = {
      {"nothing", {}, {}},
      {"added first", {{"", "0"}}, {{DiffKind::added, "", "", "0"}}},
      {"added last", {{"d", "4"}}, {{DiffKind::added, "d", "", "4"}}},
      {"removed", {{"b", {}}}, {{DiffKind::removed, "b", "2", ""}}},
      {"modified", {{"b", "x"}}, {{DiffKind::modified, "b", "2", "x"}}},
      {"all gone",
       {{"a", {}}, {"b", {}}, {"c", {}}},
       {{DiffKind::removed, "a", "1", ""},
        {DiffKind::removed, "b", "2", ""},
        {DiffKind::removed, "c", "3", ""}}},
  };
  const Hash before = trees.build(rows);
  for (const auto& example : cases) {
    EXPECT_EQ(diff(trees, before, trees.apply(before, example.changes)), example.expected)
        << example.what;
  }
}

TEST(DiffCursor, TypeAloneMakesADifference) {
  Trees trees;
  const auto build = [&](ValueType type) {
    struct One final : EditSource {
      explicit One(ValueType t) : type(t) {}
      bool next(Edit& edit) override {
        if (std::exchange(done, true)) return false;
        edit = {"k", StoredValue{type, StoredValue::Placement::in_node, "v"}};
        return true;
      }
      ValueType type;
      bool done = false;
    } edits(type);
    return apply_edits(trees.nodes, empty_root(), edits);
  };
  EXPECT_EQ(diff(trees, build(ValueType::blob), build(ValueType::text)).size(), 1u);
}

TEST(DiffCursor, RandomTreesMatchTheDefinitionAndApplyingGivesTheOther) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 300; ++round) {
    Trees trees;
    const Rows before = random_rows(random, random() % 2000);
    Rows after = before;
    update(after, random_changes(random, before, random() % 200));
    const Hash a = trees.build(before);
    const Hash b = trees.build(after);
    const std::vector<Change> changes = diff(trees, a, b);
    ASSERT_EQ(changes, naive_diff(before, after)) << round;
    Changes edits;
    for (const Change& change : changes) {
      edits[change.key] = change.kind == DiffKind::removed
                              ? std::nullopt
                              : std::optional<std::string>(change.after);
    }
    ASSERT_EQ(trees.apply(a, edits), b) << round;
    ASSERT_EQ(diff(trees, b, a), naive_diff(after, before)) << round;
  }
}

TEST(DiffCursor, UnrelatedTreesOfDifferentHeights) {
  std::mt19937_64 random(3);
  Trees trees;
  for (const std::size_t size : {0u, 1u, 30u, 1000u, 30000u}) {
    for (const std::size_t other : {0u, 2u, 500u, 20000u}) {
      const Rows before = random_rows(random, size);
      const Rows after = random_rows(random, other);
      EXPECT_EQ(diff(trees, trees.build(before), trees.build(after)), naive_diff(before, after));
    }
  }
}

TEST(DiffCursor, SeekSkipsWhatIsBelow) {
  std::mt19937_64 random(4);
  for (int round = 0; round < 100; ++round) {
    Trees trees;
    const Rows before = random_rows(random, 3000);
    Rows after = before;
    update(after, random_changes(random, before, 100));
    DiffCursor cursor(trees.nodes, trees.build(before), trees.build(after));
    std::vector<Change> expected = naive_diff(before, after);
    const auto skip = [&](const std::string& key) {
      cursor.seek(key);
      std::erase_if(expected, [&](const Change& change) { return change.key < key; });
    };
    skip(std::to_string(random() % 1'000'000));
    Difference first;
    if (cursor.next(first)) {
      ASSERT_EQ(first.key, expected.front().key);
      expected.erase(expected.begin());
    }
    skip("0");  // behind it already
    skip(std::to_string(random() % 1'000'000));
    ASSERT_EQ(rest(cursor), expected) << round;
  }
}

TEST(DiffCursor, CostFollowsTheChanges) {
  std::mt19937_64 random(5);
  Trees trees(1);  // no cache: every node visited is read
  Rows rows = random_rows(random, 100'000);
  const Hash before = trees.build(rows);
  Changes changes;
  for (int i = 0; i < 10; ++i) {
    changes[rows.lower_bound(std::to_string(random() % 1'000'000))->first] = "changed";
  }
  const Hash after = trees.apply(before, changes);
  trees.chunks.flush();

  const std::size_t reads = trees.chunks.reads();
  EXPECT_EQ(diff(trees, before, after).size(), changes.size());
  EXPECT_LE(trees.chunks.reads() - reads, 100u);

  const std::size_t equal_reads = trees.chunks.reads();
  EXPECT_TRUE(diff(trees, after, after).empty());
  EXPECT_EQ(trees.chunks.reads(), equal_reads);
}

}  // namespace
}  // namespace vkv
