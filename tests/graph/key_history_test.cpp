#include "core/graph/key_history.h"

#include <gtest/gtest.h>

#include "tests/graph/content_history.h"

namespace vkv {
namespace {

struct Change {
  Hash commit;
  DiffKind kind;
  std::optional<std::string> value;

  friend bool operator==(const Change&, const Change&) = default;
};

std::vector<Change> changes(ContentHistory& history, const std::string& key) {
  std::vector<Change> found;
  KeyHistory walk(history.repository, history.head().commit, key);
  while (walk.next()) {
    const auto& value = walk.value();
    found.push_back({walk.commit().hash, walk.kind(),
                     value ? std::optional<std::string>(value->payload) : std::nullopt});
  }
  return found;
}

std::vector<Change> expected_changes(const ContentHistory& history, const std::string& key) {
  std::vector<Change> expected;
  for (std::size_t i = history.versions.size() - 1; i > 0; --i) {
    const auto after = ContentHistory::at(history.versions[i].rows, key);
    const auto before = ContentHistory::at(history.versions[i - 1].rows, key);
    if (before == after) continue;
    const DiffKind kind = !before  ? DiffKind::added
                          : !after ? DiffKind::removed
                                   : DiffKind::modified;
    expected.push_back({history.versions[i].commit, kind, after});
  }
  return expected;
}

TEST(KeyHistory, FindsEveryChangeOfEveryKey) {
  for (const int rows : {1, 40, 2000}) {
    ContentHistory history;
    history.commit_at_random(rows, 60, 1);
    for (int i = 0; i<rows + 9; i += rows> 100 ? 37 : 1) {
      const std::string key = ContentHistory::key(i);
      ASSERT_EQ(changes(history, key), expected_changes(history, key)) << key << " of " << rows;
    }
  }
}

TEST(KeyHistory, HasNothingToSayOfAnEmptyHistory) {
  ContentHistory history;
  EXPECT_TRUE(changes(history, "key").empty());
}

TEST(KeyHistory, ReadsNoLeafOfACommitThatDidNotTouchTheKey) {
  ContentHistory history;
  history.commit_at_random(2000, 0, 1);
  constexpr int commits = 50;
  for (int i = 0; i < commits; ++i) {
    history.commit_changes({{ContentHistory::key(1500 + i), "other " + std::to_string(i)}});
  }
  const unsigned height = history.repository.nodes()
                              .get(history.repository.commit(history.head().commit).root)
                              ->level();
  history.cache.clear();
  const std::size_t reads = history.repository.chunks().reads();
  EXPECT_EQ(changes(history, ContentHistory::key(100)).size(), 1U);
  // Of each commit its record and at most the nodes above the leaves; one leaf, at the end.
  EXPECT_LE(history.repository.chunks().reads() - reads, commits * (1 + height) + height + 3);
}

}  // namespace
}  // namespace vkv
