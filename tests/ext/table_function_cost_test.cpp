// What table functions read of a large table.
#include <gtest/gtest.h>

#include "ext/named_table.h"
#include "tests/ext/database.h"

namespace vkv::ext {
namespace {

using testing::Database;
using testing::Query;

constexpr int kRows = 100'000;

class TableFunctionCost : public ::testing::Test {
 protected:
  TableFunctionCost() {
    db.run(
        "CREATE VIRTUAL TABLE kv USING vkv; INSERT INTO kv "
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i+1 < " +
        std::to_string(kRows) + ") SELECT format('ns%d/sub/%06d', i % 10, i), 'value '||i FROM n");
    db.commit();
    db.run("UPDATE kv SET value = 'changed' WHERE key IN (" + ten_keys() + ")");
    db.commit();
  }

  static std::string ten_keys() {
    std::string keys;
    for (int i = 0; i < 10; ++i) {
      const int n = i * 9999;
      char key[32];
      std::snprintf(key, sizeof key, "%s'ns%d/sub/%06d'", i > 0 ? "," : "", n % 10, n);
      keys += key;
    }
    return keys;
  }

  // Chunks that `sql` reads, and what it answers, with nothing in the cache.
  std::size_t reads(const std::string& sql, const std::string& answer) {
    db.connection().node_cache().clear();
    VersionedTable* const table = db.connection().named_table("kv")->own_table();
    const std::size_t before = table->repository().chunks().reads();
    EXPECT_EQ(db.rows(sql), answer) << sql;
    return table->repository().chunks().reads() - before;
  }

  Database db;
};

TEST_F(TableFunctionCost, FollowsTheChangesAndTheKeys) {
  const struct {
    const char* sql;
    const char* answer;
    std::size_t most;
  } cases[] = {
      {"SELECT count(*) FROM vkv_diff('kv','HEAD~1','HEAD')", "10", 100},
      {"SELECT count(*) FROM vkv_diff('kv','HEAD~1','WORKING')", "10", 100},
      {"SELECT count(*) FROM vkv_diff('kv','HEAD','WORKING')", "0", 8},
      {"SELECT count(*) FROM vkv_diff('kv','HEAD~1','HEAD') WHERE key < 'ns2'", "2", 40},
      {"SELECT kind FROM vkv_diff('kv','HEAD~1','HEAD') WHERE key = 'ns9/sub/009999'", "modified",
       20},
      {"SELECT count(*) FROM vkv_diff('kv','HEAD~2','HEAD') WHERE key = 'ns5/sub/000005'", "1", 16},
      {"SELECT key FROM vkv_diff('kv','HEAD~2','HEAD') LIMIT 1", "ns0/sub/000000", 16},
      {"SELECT value FROM vkv_at('kv','HEAD~1') WHERE key = 'ns0/sub/000000'", "value 0", 10},
      {"SELECT key FROM vkv_at('kv','HEAD~1') ORDER BY key DESC LIMIT 1", "ns9/sub/099999", 10},
      {"SELECT count(*) FROM vkv_at('kv','HEAD~1') WHERE key IN ('a','ns0/sub/000000','z')", "1",
       16},
      {"SELECT name, keys FROM vkv_namespaces('kv') WHERE name IN ('ns3','ns9')",
       "ns3|10000 ns9|10000", 60},
      {"SELECT * FROM vkv_namespaces('kv', 'ns7')", "sub|10000", 20},
      {"SELECT count(*) FROM vkv_history('kv', 'ns0/sub/000000')", "2", 20},
      {"SELECT kind FROM vkv_history('kv', 'ns1/sub/000001')", "added", 16},
      {"SELECT count(*) FROM vkv_blame('kv') WHERE key = 'ns0/sub/000000'", "1", 20},
      {"SELECT count(*) FROM vkv_log('kv')", "3", 4},
  };
  for (const auto& c : cases) EXPECT_LE(reads(c.sql, c.answer), c.most) << c.sql;
}

TEST_F(TableFunctionCost, OfAnOldVersionIsPaidOnce) {
  for (int i = 0; i < 50; ++i) {
    db.run("REPLACE INTO kv VALUES('counter'," + std::to_string(i) + ")");
    db.commit();
  }
  const std::string sql = "SELECT value FROM vkv_at('kv','HEAD~40') WHERE key = 'counter'";
  EXPECT_GT(reads(sql, "9"), 40U);
  EXPECT_LE(reads(sql, "9"), 10U);
}

TEST_F(TableFunctionCost, OfADiffDoesNotFollowStagedRowsElsewhere) {
  db.run("UPDATE kv SET value = 'staged' WHERE key GLOB 'ns5/*'");
  EXPECT_LE(reads("SELECT old_value FROM vkv_status('kv') WHERE key = 'ns5/sub/000005'", "value 5"),
            16U);
  EXPECT_LE(reads("SELECT count(*) FROM vkv_status('kv') WHERE key < 'ns5'", "0"), 8U);
}

}  // namespace
}  // namespace vkv::ext
