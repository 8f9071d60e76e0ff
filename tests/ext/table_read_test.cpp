#include <gtest/gtest.h>

#include <functional>

#include "ext/named_table.h"
#include "tests/ext/database.h"
#include "tests/kv/temporary_directory.h"

namespace vkv::ext {
namespace {

using testing::Database;
using testing::Query;

// A versioned table and a plain one with the same rows.
class TableRead : public ::testing::Test {
 protected:
  TableRead() {
    db.run(
        "CREATE TABLE plain(key TEXT PRIMARY KEY NOT NULL, value) WITHOUT ROWID;"
        "CREATE VIRTUAL TABLE kv USING vkv;"
        "CREATE TABLE words(word TEXT, number INTEGER);"
        "INSERT INTO words VALUES('Apple',1),('fig',20),('none',3),(NULL,NULL),('10',10)");
  }

  void both(const std::string& before, const std::string& after) {
    db.run(before + "kv" + after);
    db.run(before + "plain" + after);
  }

  void fill() { both("INSERT INTO ", kRows); }

  // Committed, with changes staged on top: rows replaced, added and removed at both ends, between,
  // and next to each other.
  void fill_and_stage() {
    fill();
    db.commit();
    both("UPDATE ", " SET value = value||'*' WHERE key IN ('10', 'fig', 'apple', 'zoo')");
    both("DELETE FROM ", " WHERE key IN ('', 'apple', 'banana', 'kiwi', 'Ä')");
    both("INSERT INTO ", " VALUES('kiwi','new'),('a0',1),('0',2),('~~',3),('figs',4),('fi',5)");
  }

  // The same query on both, @ standing for the table's name.
  void expect_same(const std::string& query) {
    const auto on = [&](const char* table) {
      std::string sql;
      for (const char c : query) sql += c == '@' ? std::string(table) : std::string(1, c);
      return db.rows(sql);
    };
    EXPECT_EQ(on("kv"), on("plain")) << query;
  }

  static constexpr const char* kRows =
      " VALUES('',0),('10',1),('9',2),('APPLE',3),('Apple',4),('apple',5),('apple pie',6),"
      "('banana',NULL),('fig',x'00'),('figs and more',8),('fj',9),('kiwi',10),('zoo',11),"
      "('Ä',12),('ä',13),('日本',14),('a_b',15),('a%b',16),('a*b',17),('a[b',18)";

  Database db;
};

constexpr const char* kConditions[] = {
    "1",
    "0",
    "key = 'apple'",
    "key = 'Apple'",
    "key = 'none'",
    "key = ''",
    "key = NULL",
    "key = x'6170706c65'",
    "key = 10",
    "key = 10.0",
    "key IS 'fig'",
    "key IS NULL",
    "key IS NOT NULL",
    "key <> 'fig'",
    "key > 'apple'",
    "key >= 'apple'",
    "key < 'apple'",
    "key <= 'apple'",
    "key > 'apple' AND key < 'kiwi'",
    "key >= 'apple' AND key <= 'kiwi'",
    "key BETWEEN 'apple' AND 'kiwi'",
    "key BETWEEN 'kiwi' AND 'apple'",
    "key > 'zzz'",
    "key < '0'",
    "key < ''",
    "key > ''",
    "key > 'fig' AND key > 'apple' AND key < 'zoo' AND key <= 'kiwi'",
    "key = 'fig' AND key > 'apple'",
    "key = 'fig' AND key > 'kiwi'",
    "key = 'fig' AND key = 'zoo'",
    "key > NULL",
    "key < x'00'",
    "key > x'00'",
    "key <= x''",
    "key BETWEEN 'a' AND x'00'",
    "key > 9",
    "key < 10.5",
    "key IN ('fig','apple','none','fig')",
    "key IN ()",
    "key IN (NULL)",
    "key IN ('zoo', NULL, x'00', 10, 9)",
    "key IN (SELECT word FROM words)",
    "key IN ('fig','apple','zoo') AND key > 'b'",
    "key IN ('fig','apple') AND key IN ('apple','x')",
    "key NOT IN ('fig','apple')",
    "key = 'fig' OR key = 'zoo'",
    "key = 'fig' OR value = 5",
    "key > 'zoo' OR key < '9'",
    "key GLOB 'app*'",
    "key GLOB 'a[%*]b'",
    "key GLOB '*'",
    "key GLOB 'fig'",
    "key GLOB ''",
    "key GLOB NULL",
    "key GLOB x'6170702a'",
    "key GLOB '日*'",
    "key GLOB '1?'",
    "key GLOB 10",
    "key LIKE 'APP%'",
    "key LIKE 'a_b'",
    "key LIKE 'a\\%b' ESCAPE '\\'",
    "key LIKE 'Ä%'",
    "key LIKE '%'",
    "key LIKE NULL",
    "key LIKE 'fig'",
    "key NOT LIKE 'a%'",
    "key LIKE 'app%' AND key > 'apple'",
    "key = 'APPLE' COLLATE NOCASE",
    "key COLLATE NOCASE = 'apple'",
    "key > 'APPLE' COLLATE NOCASE",
    "key IN ('APPLE','FIG') AND key COLLATE NOCASE = 'apple'",
    "key COLLATE NOCASE IN ('APPLE','FIG')",
    "key COLLATE NOCASE BETWEEN 'APPLE' AND 'FIG'",
    "key COLLATE RTRIM = 'fig  '",
    "value = 5",
    "value IS NULL",
    "value > 3 AND key < 'b'",
    "(key, value) > ('apple', 5)",
    "key = 'fig' || ''",
    "key = (SELECT max(word) FROM words)",
};

constexpr const char* kOrders[] = {
    "",
    " ORDER BY key",
    " ORDER BY key DESC",
    " ORDER BY key LIMIT 2",
    " ORDER BY key DESC LIMIT 2 OFFSET 1",
    " ORDER BY value, key",
    " ORDER BY key, value DESC",
    " ORDER BY key COLLATE NOCASE, key",
};

void expect_agreement(const std::function<void(const std::string&)>& expect_same) {
  for (const std::string condition : kConditions) {
    for (const std::string order : kOrders) {
      expect_same("SELECT key, value FROM @ WHERE " + condition + order);
    }
  }
}

TEST_F(TableRead, AgreesWithAPlainTableOnStagedRows) {
  fill();
  expect_agreement([&](const std::string& query) { expect_same(query); });
}

TEST_F(TableRead, AgreesWithAPlainTableOnCommittedRows) {
  fill();
  db.commit();
  expect_agreement([&](const std::string& query) { expect_same(query); });
}

TEST_F(TableRead, AgreesWithAPlainTableOnBoth) {
  fill_and_stage();
  expect_agreement([&](const std::string& query) { expect_same(query); });
}

TEST_F(TableRead, AgreesWithAPlainTableInLargerQueries) {
  fill_and_stage();
  for (const char* query : {
           "SELECT count(*), min(key), max(key), sum(value), group_concat(key) FROM @",
           "SELECT DISTINCT key FROM @ ORDER BY key DESC",
           "SELECT DISTINCT typeof(value) FROM @ ORDER BY 1",
           "SELECT lower(key), count(*) FROM @ GROUP BY lower(key) ORDER BY 1",
           "SELECT key, count(*) FROM @ GROUP BY key",
           "SELECT key COLLATE NOCASE, count(*) FROM @ GROUP BY key COLLATE NOCASE ORDER BY 1",
           "SELECT word, value FROM words JOIN @ ON key = word ORDER BY word",
           "SELECT word, value FROM words JOIN @ ON key = word COLLATE NOCASE ORDER BY word, key",
           "SELECT word, value FROM words LEFT JOIN @ ON key = word ORDER BY word",
           "SELECT word FROM words LEFT JOIN @ ON key = word WHERE key IS NULL ORDER BY word",
           "SELECT number, key FROM words JOIN @ ON key = number ORDER BY number",
           "SELECT a.key, b.key FROM @ a JOIN @ b ON b.key = a.key || 's' ORDER BY a.key",
           "SELECT a.key, b.key FROM @ a JOIN @ b ON b.key > a.key WHERE b.key < 'b' ORDER BY 1, 2",
           "SELECT key, (SELECT count(*) FROM @ b WHERE b.key < a.key) FROM @ a ORDER BY key",
           "SELECT word, EXISTS(SELECT 1 FROM @ WHERE key = word) FROM words ORDER BY word",
           "SELECT key FROM @ EXCEPT SELECT word FROM words ORDER BY 1",
           "SELECT key FROM @ UNION ALL SELECT key FROM @ ORDER BY 1 DESC LIMIT 5",
           "SELECT key, row_number() OVER (ORDER BY key DESC) FROM @ ORDER BY key",
           "WITH RECURSIVE n(k) AS (SELECT min(key) FROM @ UNION ALL"
           " SELECT (SELECT min(key) FROM @ WHERE key > k) FROM n WHERE k IS NOT NULL)"
           " SELECT k FROM n",
       }) {
    expect_same(query);
  }
}

struct PlanCase {
  const char* query;
  const char* plan;  // as EXPLAIN QUERY PLAN tells it
  bool sorts = false;
};

TEST_F(TableRead, PlansByKey) {
  fill_and_stage();
  const PlanCase cases[] = {
      {"SELECT * FROM kv", "INDEX 0:"},
      {"SELECT * FROM kv ORDER BY key", "INDEX 0:"},
      {"SELECT * FROM kv ORDER BY key DESC, value", "INDEX 1:"},
      {"SELECT * FROM kv ORDER BY value", "INDEX 0:", true},
      {"SELECT * FROM kv ORDER BY key COLLATE NOCASE", "INDEX 0:", true},
      {"SELECT * FROM kv WHERE key = ?", "INDEX 0:="},
      {"SELECT * FROM kv WHERE key = ? ORDER BY value", "INDEX 0:="},
      {"SELECT * FROM kv WHERE key = ? COLLATE NOCASE", "INDEX 0:"},
      {"SELECT * FROM kv WHERE key > ? AND key <= ?", "INDEX 0:>l"},
      {"SELECT * FROM kv WHERE key BETWEEN ? AND ? ORDER BY key DESC", "INDEX 1:gl"},
      {"SELECT * FROM kv WHERE key IN (?, ?, ?)", "INDEX 0:="},
      {"SELECT * FROM kv WHERE key IN (?, ?, ?) ORDER BY key", "INDEX 0:I"},
      {"SELECT * FROM kv WHERE key IN (?, ?, ?) ORDER BY key DESC", "INDEX 1:I"},
      {"SELECT * FROM kv WHERE key GLOB 'a*' ORDER BY key", "INDEX 0:g<G"},
      {"SELECT * FROM kv WHERE key LIKE 'a%'", "INDEX 0:L"},
      {"SELECT DISTINCT key FROM kv", "INDEX 0:"},
      {"SELECT key, count(*) FROM kv GROUP BY key", "INDEX 0:"},
  };
  for (const PlanCase& c : cases) {
    const std::string plan = db.rows(std::string("EXPLAIN QUERY PLAN ") + c.query);
    const std::string wanted = std::string("VIRTUAL TABLE ") + c.plan;
    const std::size_t at = plan.find(wanted);
    EXPECT_NE(at, std::string::npos) << c.query << "\n" << plan;
    const std::string rest = at == std::string::npos ? "" : plan.substr(at + wanted.size());
    EXPECT_TRUE(rest.empty() || rest[0] == ' ') << c.query << "\n" << plan;
    EXPECT_EQ(plan.find("TEMP B-TREE") != std::string::npos, c.sorts) << c.query << "\n" << plan;
  }
}

TEST_F(TableRead, JoinsLookKeysUp) {
  fill_and_stage();
  EXPECT_EQ(db.rows("EXPLAIN QUERY PLAN SELECT * FROM words JOIN kv ON key = word").find("SCAN kv"),
            db.rows("EXPLAIN QUERY PLAN SELECT * FROM words JOIN kv ON key = word")
                .find("SCAN kv VIRTUAL TABLE INDEX 0:="));
}

// A limit reads no further: what a query does is counted in steps of SQLite's machine and in chunks
// read from the store.
TEST(TableReadLazily, StopsAtTheLimit) {
  TemporaryDirectory directory;
  const std::string rows =
      "WITH RECURSIVE n(i) AS (VALUES(0) UNION ALL SELECT i+1 FROM n WHERE i < 19999)"
      " SELECT printf('%06d', i), zeroblob(100) FROM n";
  {
    Database db(directory / "db");
    db.run("CREATE VIRTUAL TABLE kv USING vkv; INSERT INTO kv " + rows);
    db.commit();
  }
  for (const bool staged : {false, true}) {
    for (const char* query :
         {"SELECT key FROM kv LIMIT 5", "SELECT key FROM kv ORDER BY key DESC LIMIT 5",
          "SELECT key FROM kv WHERE key > '010000' ORDER BY key LIMIT 5",
          "SELECT key FROM kv WHERE key < '010000' ORDER BY key DESC LIMIT 5",
          "SELECT max(key) FROM kv", "SELECT min(key) FROM kv WHERE key > '005'",
          "SELECT key FROM kv WHERE key LIKE '0123%' LIMIT 5",
          "SELECT key FROM kv WHERE key IN ('000001', '019998', '010000') ORDER BY key"}) {
      SCOPED_TRACE(query);
      Database db(directory / "db");
      if (staged) db.run("INSERT OR IGNORE INTO kv VALUES('000001x',1)");
      const std::size_t before =
          db.connection().named_table("kv")->own_table()->repository().chunks().reads();
      Query statement(db, query);
      statement.rest();
      EXPECT_LE(statement.counter(SQLITE_STMTSTATUS_VM_STEP), 120);
      EXPECT_EQ(statement.counter(SQLITE_STMTSTATUS_SORT), 0);
      EXPECT_LE(
          db.connection().named_table("kv")->own_table()->repository().chunks().reads() - before,
          12U);
    }
  }
}

TEST(TableReadLazily, RunsNoSqlForACleanWorkspace) {
  Database db;
  db.run("CREATE VIRTUAL TABLE kv USING vkv; INSERT INTO kv VALUES('a',1),('b',2),('c',3)");
  db.commit();
  db.run("BEGIN");
  EXPECT_EQ(db.rows("SELECT * FROM kv"), "a|1 b|2 c|3");
  std::string traced;
  sqlite3_trace_v2(
      db.get(), SQLITE_TRACE_STMT,
      [](unsigned, void* log, void*, void* sql) {
        static_cast<std::string*>(log)->append(static_cast<const char*>(sql)).append(";");
        return 0;
      },
      &traced);
  Query query(db, "SELECT value FROM kv WHERE key = ?1");
  for (const char* key : {"a", "b", "none"}) {
    query.bind(1, key);
    query.rest();
    query.reset();
  }
  EXPECT_EQ(traced,
            "SELECT value FROM kv WHERE key = ?1;SELECT value FROM kv WHERE key = ?1;"
            "SELECT value FROM kv WHERE key = ?1;");
}

TEST(TableReadLazily, ManyRows) {
  Database db;
  db.run(
      "CREATE VIRTUAL TABLE kv USING vkv; CREATE TABLE plain(key TEXT PRIMARY KEY, value);"
      "INSERT INTO plain WITH RECURSIVE n(i) AS (VALUES(0) UNION ALL SELECT i+1 FROM n"
      " WHERE i < 29999) SELECT hex(i * 7919 % 30011) || i, i FROM n;"
      "INSERT INTO kv SELECT * FROM plain");
  const std::string sums =
      "SELECT count(*), sum(value), sum(length(key)), min(key), max(key) FROM ";
  const std::string differences =
      "SELECT count(*) FROM (SELECT * FROM kv EXCEPT SELECT * FROM plain)";
  EXPECT_EQ(db.rows(sums + "kv"), db.rows(sums + "plain"));
  db.commit();
  EXPECT_EQ(db.rows(sums + "kv"), db.rows(sums + "plain"));
  for (const char* table : {"kv", "plain"}) {
    db.run(std::string("UPDATE ") + table + " SET value = -value WHERE value % 3 = 0");
    db.run(std::string("DELETE FROM ") + table + " WHERE value % 5 = 0");
  }
  EXPECT_EQ(db.rows(sums + "kv"), db.rows(sums + "plain"));
  EXPECT_EQ(db.rows(differences), "0");
  db.commit();
  EXPECT_EQ(db.rows(sums + "kv"), db.rows(sums + "plain"));
  EXPECT_EQ(db.rows(differences), "0");
}

}  // namespace
}  // namespace vkv::ext
