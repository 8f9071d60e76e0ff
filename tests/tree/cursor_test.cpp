#include "core/tree/cursor.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/tree/trees.h"

namespace vkv {
namespace {

using Row = std::optional<std::pair<std::string, std::string>>;

Row at(Cursor& cursor) {
  if (!cursor.valid()) return std::nullopt;
  return std::pair<std::string, std::string>(cursor.key(), cursor.value().payload);
}

Row at(const Rows& rows, Rows::const_iterator it) { return it == rows.end() ? Row() : Row(*it); }

Row before(const Rows& rows, Rows::const_iterator it) {
  return it == rows.begin() ? Row() : Row(*std::prev(it));
}

TEST(Cursor, EmptyTree) {
  Trees trees;
  Cursor cursor(trees.nodes, empty_root());
  EXPECT_FALSE(cursor.valid());
  cursor.seek_first();
  EXPECT_FALSE(cursor.valid());
  cursor.seek_last();
  EXPECT_FALSE(cursor.valid());
  cursor.seek("");
  EXPECT_FALSE(cursor.valid());
  cursor.seek_at_or_before("z");
  EXPECT_FALSE(cursor.valid());
  EXPECT_FALSE(cursor.find(""));
  EXPECT_EQ(cursor.rows_before(), 0U);
}

class CursorModel : public testing::TestWithParam<int> {};

TEST_P(CursorModel, SeeksAndStepsMatchAMap) {
  Rows rows;
  for (int i = 0; i < GetParam(); ++i) {
    rows["key" + std::to_string(1000000 + 2 * i)] =
        std::string(static_cast<std::size_t>(i) % 90, 'v');
  }
  Trees trees;
  const Hash root = trees.build(rows);
  Cursor cursor(trees.nodes, root);

  auto it = rows.begin();
  for (cursor.seek_first(); cursor.valid(); cursor.next()) ASSERT_EQ(at(cursor), at(rows, it++));
  EXPECT_EQ(it, rows.end());
  for (cursor.seek_last(); cursor.valid(); cursor.prev()) ASSERT_EQ(at(cursor), at(rows, --it));
  EXPECT_EQ(it, rows.begin());

  std::mt19937_64 random(7);
  for (int i = 0; i < 2000; ++i) {
    const auto n = random() % static_cast<std::uint64_t>(2 * GetParam() + 4);
    const std::string key = "key" + std::to_string(1000000 + n - 2);
    it = rows.lower_bound(key);
    cursor.seek(key);
    ASSERT_EQ(at(cursor), at(rows, it));
    ASSERT_EQ(cursor.rows_before(), static_cast<std::uint64_t>(std::distance(rows.begin(), it)));
    if (cursor.valid()) {
      cursor.prev();
      ASSERT_EQ(at(cursor), before(rows, it));
    }
    cursor.seek_at_or_before(key);
    ASSERT_EQ(at(cursor), before(rows, rows.upper_bound(key)));
    ASSERT_EQ(cursor.find(key), rows.contains(key));
    ASSERT_EQ(at(cursor), at(rows, rows.find(key)));
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, CursorModel, testing::Values(1, 2, 100, 5000, 30000));

}  // namespace
}  // namespace vkv
