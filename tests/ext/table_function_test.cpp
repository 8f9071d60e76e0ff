// What all table functions have in common.
#include <gtest/gtest.h>

#include "ext/versioned_table.h"
#include "tests/ext/database.h"
#include "tests/kv/temporary_directory.h"

namespace vkv::ext {
namespace {

using testing::Database;
using testing::Query;

class TableFunctions : public ::testing::Test {
 protected:
  TableFunctions() {
    db.run("CREATE VIRTUAL TABLE kv USING vkv; INSERT INTO kv VALUES('a',1),('b/c',2),('b/d',3)");
    db.commit();
    db.run("INSERT INTO kv VALUES('e',4); DELETE FROM kv WHERE key = 'a'");
  }

  void expect_failure(const std::string& sql, int code, const std::string& message) {
    const auto outcome = db.attempt(sql);
    EXPECT_EQ(outcome.code, code) << sql;
    EXPECT_EQ(outcome.message, message) << sql;
  }

  Database db;
};

constexpr const char* kCalls[] = {
    "vkv_at('kv','WORKING')",  "vkv_blame('kv')",
    "vkv_branches('kv')",      "vkv_diff('kv','HEAD','WORKING')",
    "vkv_history('kv','b/c')", "vkv_log('kv')",
    "vkv_namespaces('kv')",    "vkv_status('kv')",
    "vkv_workspaces('kv')",
};

TEST_F(TableFunctions, CheckTheirArguments) {
  expect_failure("SELECT * FROM vkv_diff('kv','HEAD')", SQLITE_ERROR,
                 "vkv_diff: argument 3 (b) is missing");
  expect_failure("SELECT * FROM vkv_log", SQLITE_ERROR, "vkv_log: argument 1 (table) is missing");
  expect_failure("SELECT * FROM vkv_log('no')", SQLITE_ERROR, "vkv_log: there is no table 'no'");
  expect_failure("SELECT * FROM vkv_log(NULL)", SQLITE_MISMATCH,
                 "vkv_log: argument 1 (table) must be text, not NULL");
  expect_failure("SELECT * FROM vkv_diff('kv','HEAD',7)", SQLITE_MISMATCH,
                 "vkv_diff: argument 3 (b) must be text, not integer 7");
  expect_failure("SELECT * FROM vkv_log('kv',NULL,'{\"all\":1}')", SQLITE_ERROR,
                 "vkv_log: argument 3 (options): unknown option 'all'; there is all_parents");
  expect_failure("SELECT * FROM vkv_history('kv',x'00')", SQLITE_MISMATCH,
                 "vkv_history: argument 2 (key) must be text, not a blob of 1 bytes");
  expect_failure("SELECT * FROM vkv_at('kv','nowhere')", SQLITE_ERROR,
                 "vkv_at: argument 2 (ref): revision 'nowhere' is unknown");
}

TEST_F(TableFunctions, ShowTheirArguments) {
  EXPECT_EQ(db.rows("SELECT \"table\", a, b FROM vkv_diff('kv','HEAD','WORKING') LIMIT 1"),
            "kv|HEAD|WORKING");
  EXPECT_EQ(db.rows("SELECT ref, options IS NULL FROM vkv_log('kv','main') LIMIT 1"), "main|1");
  EXPECT_EQ(db.rows("SELECT count(*) FROM vkv_log WHERE \"table\" = 'kv' AND ref = 'HEAD~1'"), "1");
  EXPECT_EQ(db.rows("SELECT ref, count(*) FROM vkv_log WHERE \"table\" = 'kv'"
                    " AND ref IN ('HEAD','HEAD~1') GROUP BY ref ORDER BY ref"),
            "HEAD|2 HEAD~1|1");
  EXPECT_EQ(db.rows("SELECT count(*) FROM vkv_log('kv',NULL,NULL)"), "2");
  EXPECT_EQ(db.rows("SELECT count(DISTINCT key), count(*) FROM vkv_at WHERE \"table\" = 'kv'"
                    " AND ref IN ('HEAD','WORKING')"),
            "4|6");
}

TEST_F(TableFunctions, TakeArgumentsFromOtherTables) {
  db.run("CREATE TABLE refs(name, tab); INSERT INTO refs VALUES('HEAD','kv'),('HEAD~1','kv')");
  EXPECT_EQ(db.rows("SELECT name, count(*) FROM refs, vkv_log('kv', refs.name) GROUP BY name"),
            "HEAD|2 HEAD~1|1");
  EXPECT_EQ(db.rows("SELECT name, key FROM vkv_at(tab, refs.name) JOIN refs ORDER BY 1, 2"),
            "HEAD|a HEAD|b/c HEAD|b/d");
  EXPECT_EQ(db.rows("SELECT name, (SELECT count(*) FROM vkv_diff(tab, name, 'WORKING')) FROM refs"),
            "HEAD|2 HEAD~1|3");
  EXPECT_EQ(db.rows("SELECT name, key FROM refs LEFT JOIN vkv_at('kv', name) AS v ON v.key = 'a'"),
            "HEAD|a HEAD~1|NULL");
  EXPECT_EQ(
      db.rows("SELECT kv.key, old.value FROM kv LEFT JOIN vkv_at('kv','HEAD') old USING(key)"),
      "b/c|2 b/d|3 e|NULL");
}

TEST_F(TableFunctions, AreThere) {
  EXPECT_EQ(db.rows("SELECT * FROM vkv_namespaces('kv')"), "b|2");
  EXPECT_EQ(db.rows("SELECT * FROM vkv_namespaces('kv','b')"), "");
  EXPECT_EQ(db.rows("SELECT name, current, staged, time FROM vkv_branches('kv')"), "main|1|2|NULL");
  EXPECT_EQ(db.rows("SELECT name, branch, staged, current FROM vkv_workspaces('kv')"),
            "NULL|main|2|1");
  EXPECT_EQ(db.rows("SELECT count(*) FROM vkv_tags('kv')"), "0");
  EXPECT_EQ(db.rows("SELECT kind, value FROM vkv_history('kv','a')"), "added|1");
  expect_failure("CREATE VIRTUAL TABLE log USING vkv_log", SQLITE_ERROR, "no such module: vkv_log");
  expect_failure("DELETE FROM vkv_log", SQLITE_ERROR, "table vkv_log may not be modified");
}

TEST_F(TableFunctions, WorkWithoutTrustInTheSchema) {
  sqlite3_db_config(db.get(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(db.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  for (const char* call : kCalls) {
    db.run("CREATE VIEW v AS SELECT count(*) AS n FROM " + std::string(call));
    EXPECT_NE(db.rows("SELECT n FROM v"), "0") << call;
    db.run("DROP VIEW v");
  }
}

TEST_F(TableFunctions, SeeOneMoment) {
  for (const char* call : kCalls) {
    const std::string sql = "SELECT * FROM " + std::string(call);
    const std::string before = db.rows(sql);
    db.run("SAVEPOINT s");
    Query query(db, sql);
    std::string rows = query.step();
    db.run("INSERT INTO kv SELECT key||'x', value FROM kv; DELETE FROM kv WHERE key = 'e'");
    const std::string rest = query.rest();
    if (!rest.empty()) rows += " " + rest;
    EXPECT_EQ(rows, before) << call;
    query.reset();
    db.run("ROLLBACK TO s; RELEASE s");
  }
}

TEST_F(TableFunctions, CanFeedWritesToTheTable) {
  db.run("INSERT INTO kv SELECT key, old_value FROM vkv_status('kv') WHERE kind = 'removed'");
  EXPECT_EQ(db.rows("SELECT key FROM vkv_status('kv')"), "e");
  db.run("INSERT INTO kv SELECT key||'x', value FROM vkv_at('kv','WORKING')");
  EXPECT_EQ(db.rows("SELECT count(*) FROM kv"), "8");
  db.run("DELETE FROM kv WHERE key IN (SELECT key FROM vkv_status('kv') WHERE kind = 'added')");
  EXPECT_EQ(db.rows("SELECT * FROM vkv_status('kv')"), "");
}

TEST_F(TableFunctions, HoldTheNameOfWhatTheyRead) {
  for (const char* call : kCalls) {
    Query query(db, "SELECT * FROM " + std::string(call));
    query.step();
    EXPECT_EQ(db.attempt("ALTER TABLE kv RENAME TO other").code, SQLITE_LOCKED) << call;
    EXPECT_EQ(db.attempt("DROP TABLE kv").code, SQLITE_LOCKED) << call;
  }
  db.run("ALTER TABLE kv RENAME TO other");
  EXPECT_EQ(db.rows("SELECT count(*) FROM vkv_at('other','HEAD')"), "3");
}

TEST_F(TableFunctions, ReportDamage) {
  db.run(
      "UPDATE kv_store SET value = zeroblob(length(value)) WHERE substr(key,1,1) IN (x'63',x'6e')");
  for (const char* call : kCalls) {
    db.connection().node_cache().clear();
    const std::string_view name = call;
    if (name.starts_with("vkv_workspaces")) continue;
    EXPECT_EQ(db.attempt("SELECT * FROM " + std::string(call)).code, SQLITE_CORRUPT_VTAB) << call;
  }
}

// Preparing a statement after a change of the schema lets go of tables that only functions read.
TEST_F(TableFunctions, OutliveAChangeOfTheSchema) {
  for (const char* call : kCalls) {
    const std::string sql = "SELECT * FROM " + std::string(call);
    const std::string whole = db.rows(sql);
    Query query(db, sql);
    std::string rows = query.step();
    db.run("CREATE TABLE \"" + std::string(call) + "\"(a); SELECT * FROM kv");
    const std::string rest = query.rest();
    if (!rest.empty()) rows += " " + rest;
    EXPECT_EQ(rows, whole) << call;
  }
}

// What was rolled back cannot be read on; what was not, can.
TEST_F(TableFunctions, OutliveARollback) {
  for (const char* call : kCalls) {
    const std::string sql = "SELECT * FROM " + std::string(call);
    const std::string whole = db.rows(sql);
    Query query(db, sql);
    db.run("BEGIN; CREATE TABLE other(a); INSERT INTO kv VALUES('new',1)");
    std::string rows = query.step();
    db.run("ROLLBACK; SELECT * FROM kv");
    const std::string rest = query.rest();
    if (rest.empty() || rest.find("abort due to ROLLBACK") != std::string::npos) continue;
    EXPECT_EQ(rows + " " + rest, whole) << call;
  }
  EXPECT_EQ(db.rows("SELECT key FROM vkv_status('kv')"), "a e");
}

TEST(TableFunctionsOfAnAttachedFile, SeeOneMoment) {
  const TemporaryDirectory directory;
  const std::string file = directory / "db";
  Database writer(file);
  writer.run("PRAGMA journal_mode=WAL; CREATE VIRTUAL TABLE kv USING vkv");
  writer.run("INSERT INTO kv VALUES('a',1)");
  Database reader;
  reader.run("ATTACH '" + file + "' AS aux1");
  Query query(reader,
              "SELECT n, (SELECT count(*) FROM vkv_log('aux1.kv') WHERE n > 0),"
              " (SELECT count(*) FROM vkv_at('aux1.kv','WORKING') WHERE n > 0)"
              " FROM (SELECT 1 AS n UNION ALL SELECT 2)");
  EXPECT_EQ(query.step(), "1|1|1");
  writer.commit();
  writer.run("INSERT INTO kv VALUES('b',2)");
  EXPECT_EQ(query.step(), "2|1|1");
  EXPECT_EQ(query.step(), "end");
  EXPECT_EQ(reader.rows("SELECT count(*), (SELECT count(*) FROM vkv_at('aux1.kv','WORKING'))"
                        " FROM vkv_log('aux1.kv')"),
            "2|2");
}

TEST_F(TableFunctions, NameTheirTable) {
  db.run(
      "ATTACH ':memory:' AS aux1; CREATE VIRTUAL TABLE aux1.kv USING vkv;"
      "INSERT INTO aux1.kv VALUES('z',1)");
  EXPECT_EQ(db.rows("SELECT key FROM vkv_status('aux1.kv')"), "z");
  EXPECT_EQ(db.rows("SELECT key FROM vkv_status('kv')"), "a e");
  db.run("CREATE VIRTUAL TABLE temp.kv USING vkv; INSERT INTO temp.kv VALUES('t',1)");
  EXPECT_EQ(db.rows("SELECT key FROM vkv_status('kv')"), "t");
  EXPECT_EQ(db.rows("SELECT key FROM vkv_status('main.kv')"), "a e");
}

}  // namespace
}  // namespace vkv::ext
