#include "core/graph/blame.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/graph/content_history.h"

namespace vkv {
namespace {

using Blamed = std::map<std::string, Hash>;

Blamed blame_from(ContentHistory& history, const std::string& first) {
  Blamed found;
  Blame blame(history.repository, history.head().commit);
  for (blame.seek(first); blame.valid(); blame.next()) {
    found.emplace_hint(found.end(), blame.key(), blame.commit());
  }
  return found;
}

Blamed expected_blame(const ContentHistory& history, const std::string& first) {
  Blamed expected;
  for (auto row = history.head().rows.lower_bound(first); row != history.head().rows.end(); ++row) {
    std::size_t i = history.versions.size() - 1;
    while (ContentHistory::at(history.versions[i - 1].rows, row->first) == row->second) --i;
    expected[row->first] = history.versions[i].commit;
  }
  return expected;
}

TEST(Blame, FindsTheLatestChangeOfEveryRow) {
  for (const int rows : {1, 40, 3000, 12000}) {
    ContentHistory history;
    history.commit_at_random(rows, rows > 10000 ? 5 : 60, 2);
    for (const int from : {-1, 0, rows / 2, rows - 1, rows + 20}) {
      const std::string first = ContentHistory::key(from);
      ASSERT_EQ(blame_from(history, first), expected_blame(history, first)) << from << "/" << rows;
    }
  }
}

TEST(Blame, SeeksBackAndForth) {
  ContentHistory history;
  history.commit_at_random(3000, 40, 3);
  const Blamed expected = expected_blame(history, "");
  Blame blame(history.repository, history.head().commit);
  for (const int i : {2000, 5, 2999, 6, 7, 1500}) {
    const auto row = expected.lower_bound(ContentHistory::key(i));
    blame.seek(ContentHistory::key(i));
    ASSERT_EQ(blame.valid(), row != expected.end());
    if (!blame.valid()) continue;
    EXPECT_EQ(blame.key(), row->first);
    EXPECT_EQ(blame.commit(), row->second);
  }
}

TEST(Blame, FindsSingleRows) {
  ContentHistory history;
  history.commit_at_random(300, 60, 6);
  const Blamed expected = expected_blame(history, "");
  Blame blame(history.repository, history.head().commit);
  for (int i = -1; i < 310; ++i) {
    const std::string key = ContentHistory::key(i);
    const auto row = expected.find(key);
    ASSERT_EQ(blame.find(key), row != expected.end()) << key;
    ASSERT_EQ(blame.valid(), row != expected.end()) << key;
    if (!blame.valid()) continue;
    EXPECT_EQ(blame.key(), key);
    EXPECT_EQ(blame.commit(), row->second);
    blame.next();
    EXPECT_FALSE(blame.valid());
  }
}

TEST(Blame, OfNothing) {
  ContentHistory history;
  EXPECT_TRUE(blame_from(history, "").empty());
}

TEST(Blame, OfAHistoryThatIsMissingItsFirstCommitIsDamaged) {
  ContentHistory history;
  history.commit_at_random(3000, 3, 4);
  history.memory.remove(object_key(ObjectType::commit, history.versions[1].commit));
  EXPECT_THROW(blame_from(history, ""), Corruption);
}

TEST(Blame, ComparesTreesOnlyWhereTheyDiffer) {
  ContentHistory history;
  history.commit_at_random(5000, 0, 5);
  for (int i = 0; i < 50; ++i) {
    history.commit_changes({{ContentHistory::key(2000 + i), "other " + std::to_string(i)}});
  }
  history.cache.clear();
  const std::size_t reads = history.repository.chunks().reads();
  EXPECT_EQ(blame_from(history, "").size(), 5000U);
  std::size_t nodes = 0;
  history.memory.visit_keys("", [&nodes](std::string_view) { return ++nodes, true; });
  EXPECT_LE(history.repository.chunks().reads() - reads,
            nodes + 1);  // each once, and the root commit, which is not stored
}

}  // namespace
}  // namespace vkv
