#include "ext/staged_filter.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/ext/database.h"

namespace vkv::ext {
namespace {

using testing::Database;
using testing::Query;

std::string key(int i) { return "key " + std::to_string(i); }

TEST(StagedFilter, NeverExcludesWhatWasAdded) {
  StagedFilter filter;
  filter.reset();
  EXPECT_TRUE(filter.excludes(key(0)));
  constexpr int kKeys = 1'000'000;
  for (int i = 0; i < kKeys; ++i) {
    filter.add(key(i));
    ASSERT_FALSE(filter.excludes(key(i)));
  }
  for (int i = 0; i < kKeys; ++i) ASSERT_FALSE(filter.excludes(key(i)));
}

TEST(StagedFilter, ExcludesMostOfWhatWasNot) {
  for (const auto& [added, least] : {std::pair(10'000, 0.99), {60'000, 0.9}, {1'000'000, 0.8}}) {
    StagedFilter filter;
    filter.reset();
    for (int i = 0; i < added; ++i) filter.add(key(i));
    int excluded = 0;
    for (int other = added; other < added + 10'000; ++other)
      excluded += filter.excludes(key(other));
    EXPECT_GT(excluded, least * 10'000) << added;
  }
}

TEST(StagedFilter, IsEmptyOnceMore) {
  StagedFilter filter;
  for (const int added : {10, 100, 100'000}) {
    filter.reset();
    for (int i = 0; i < added; ++i) filter.add(key(i));
    filter.reset();
    for (int i = 0; i < added; ++i) ASSERT_TRUE(filter.excludes(key(i)));
    filter.add(key(0));
    for (int i = 1; i < 10; ++i) EXPECT_TRUE(filter.excludes(key(i)));
    EXPECT_FALSE(filter.excludes(key(0)));
  }
}

TEST(StagedFilter, ExcludesNothingWhileItIsUnknown) {
  StagedFilter filter;
  EXPECT_FALSE(filter.excludes("a"));
  filter.reset();
  EXPECT_TRUE(filter.excludes("a"));
  filter.add("a");
  filter.forget();
  EXPECT_FALSE(filter.excludes("b"));
  filter.reset();
  EXPECT_TRUE(filter.excludes("a"));
}

// Rows by key from a table that another connection staged changes in.
TEST(StagedFilter, IsLearnedByLookingUp) {
  constexpr int kRows = 3000;
  const std::string file = "file:staged_filter?mode=memory&cache=shared";
  const std::string rows =
      "WITH RECURSIVE n(i) AS (VALUES(0) UNION ALL SELECT i+1 FROM n"
      " WHERE i < " +
      std::to_string(kRows - 1) + ") SELECT 'key '||i, i FROM n";
  Database writer(file);
  writer.run("CREATE VIRTUAL TABLE kv USING vkv; INSERT INTO kv " + rows);
  writer.commit();
  writer.run(
      "UPDATE kv SET value = -value WHERE value % 100 = 1; DELETE FROM kv"
      " WHERE value % 100 = 2");

  Database reader(file);
  Query query(reader, "SELECT value FROM kv WHERE key = ?1");
  const auto look_up = [&](int i) {
    query.bind(1, key(i));
    const std::string row = query.rest();
    query.reset();
    return row;
  };
  for (int i = 0; i < kRows; ++i) {
    const int kind = i % 100;
    EXPECT_EQ(look_up(i), kind == 2 ? "" : std::to_string(kind == 1 ? -i : i));
  }
  int statements = 0;
  sqlite3_trace_v2(
      reader.get(), SQLITE_TRACE_STMT,
      [](unsigned, void* count, void*, void*) { return ++*static_cast<int*>(count), 0; },
      &statements);
  for (int i = 0; i < 100; ++i) look_up(i);
  // The query itself, and the two staged rows among a hundred.
  EXPECT_LE(statements, 100 + 2 + 2);
  EXPECT_GE(statements, 100 + 2);
}

}  // namespace
}  // namespace vkv::ext
