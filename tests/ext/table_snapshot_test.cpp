// A query reads the table as it was when it began, whatever its own connection writes meanwhile.
#include <gtest/gtest.h>

#include <vector>

#include "tests/ext/database.h"

namespace vkv::ext {
namespace {

using testing::Database;
using testing::Query;

// The rows a … f, with b, d and f staged on top of a commit.
class TableSnapshot : public ::testing::Test {
 protected:
  TableSnapshot() {
    db.run(
        "CREATE VIRTUAL TABLE kv USING vkv; CREATE TABLE seen(key, value);"
        "INSERT INTO kv VALUES('a',1),('b',0),('c',3),('e',5),('x',9)");
    db.commit();
    db.run(
        "INSERT INTO kv VALUES('d',4),('f',6); UPDATE kv SET value = 2 WHERE key = 'b';"
        "DELETE FROM kv WHERE key = 'x'");
  }

  Database db;
};

constexpr const char* kRows[] = {"a|1", "b|2", "c|3", "d|4", "e|5", "f|6"};
constexpr const char* kWrites[] = {
    "DELETE FROM kv",
    "UPDATE kv SET value = 'new'",
    "UPDATE kv SET key = key||'x'",
    "UPDATE OR REPLACE kv SET key = 'c'",
    "INSERT INTO kv VALUES('0',0),('bb',0),('cc',0),('dd',0),('ee',0),('zz',0)",
    "REPLACE INTO kv SELECT key, 'new' FROM kv",
    "INSERT INTO kv SELECT key||'x', value FROM kv",
    "DELETE FROM kv WHERE key IN ('d','e'); INSERT INTO kv VALUES('x','back'); DELETE FROM kv",
};

TEST_F(TableSnapshot, HoldsThroughWrites) {
  for (const bool descending : {false, true}) {
    for (const char* write : kWrites) {
      for (std::size_t steps = 0; steps <= 6; ++steps) {
        SCOPED_TRACE(write + std::string(descending ? ", descending, " : ", ascending, ") +
                     std::to_string(steps));
        db.run("BEGIN");
        Query query(db, descending ? "SELECT * FROM kv ORDER BY key DESC"
                                   : "SELECT * FROM kv ORDER BY key");
        const auto expect_row = [&](std::size_t i) {
          EXPECT_EQ(query.step(), kRows[descending ? 5 - i : i]);
        };
        for (std::size_t i = 0; i < steps; ++i) expect_row(i);
        db.run(write);
        // Not begun yet: it sees what was written.
        if (steps > 0) {
          for (std::size_t i = steps; i < 6; ++i) expect_row(i);
          EXPECT_EQ(query.step(), "end");
        }
        query.reset();
        db.run("ROLLBACK");
        ASSERT_EQ(db.rows("SELECT * FROM kv"), "a|1 b|2 c|3 d|4 e|5 f|6");
      }
    }
  }
}

TEST_F(TableSnapshot, HoldsThroughACommit) {
  for (std::size_t steps = 1; steps <= 6; ++steps) {
    db.run("BEGIN");
    Query query(db, "SELECT * FROM kv");
    Query list(db, "SELECT * FROM kv WHERE key IN ('f','a','b','c','d','e') ORDER BY key");
    for (std::size_t i = 0; i < steps; ++i)
      EXPECT_EQ(query.step() + list.step(), std::string(kRows[i]) + kRows[i]);
    db.commit();
    db.run("DELETE FROM kv");
    for (std::size_t i = steps; i < 6; ++i)
      EXPECT_EQ(query.step() + list.step(), std::string(kRows[i]) + kRows[i]);
    EXPECT_EQ(query.step(), "end");
    query.reset();
    list.reset();
    db.run("ROLLBACK");
  }
}

// The row a query stands on stays readable after a write: SQLite fetches columns when it likes.
TEST_F(TableSnapshot, TheCurrentRowOutlivesAWrite) {
  db.run(
      "CREATE TRIGGER write AFTER INSERT ON seen BEGIN"
      " DELETE FROM kv WHERE key = NEW.key;"
      " INSERT INTO kv VALUES(NEW.key||'+', NEW.value);"
      " END");
  db.run("INSERT INTO seen SELECT key, value FROM kv");
  EXPECT_EQ(db.rows("SELECT * FROM seen ORDER BY key"), "a|1 b|2 c|3 d|4 e|5 f|6");
  EXPECT_EQ(db.rows("SELECT * FROM kv"), "a+|1 b+|2 c+|3 d+|4 e+|5 f+|6");
}

TEST_F(TableSnapshot, TwoQueriesEachKeepTheirOwn) {
  Query first(db, "SELECT * FROM kv");
  EXPECT_EQ(first.step(), "a|1");
  db.run("DELETE FROM kv WHERE key = 'c'");
  Query second(db, "SELECT * FROM kv ORDER BY key DESC");
  EXPECT_EQ(second.step(), "f|6");
  db.run("DELETE FROM kv WHERE key = 'b'");
  EXPECT_EQ(first.rest(), "b|2 c|3 d|4 e|5 f|6");
  EXPECT_EQ(second.rest(), "e|5 d|4 b|2 a|1");
  EXPECT_EQ(db.rows("SELECT * FROM kv"), "a|1 d|4 e|5 f|6");
}

// As with a plain table, an open query goes on with what a rollback leaves; or says that it cannot.
TEST_F(TableSnapshot, EndsOrGoesOnAfterARollback) {
  db.run("BEGIN; INSERT INTO kv VALUES('g',7)");
  Query query(db, "SELECT * FROM kv");
  EXPECT_EQ(query.step(), "a|1");
  db.run("ROLLBACK");
  EXPECT_EQ(query.rest(), "b|2 c|3 d|4 e|5 f|6");
}

// Of a new tree no node is in the cache.
TEST_F(TableSnapshot, SaysThatItsCommitWasRolledBack) {
  db.run(
      "CREATE VIRTUAL TABLE new USING vkv; BEGIN; INSERT INTO new WITH RECURSIVE n(i) AS "
      "(VALUES(0) UNION ALL"
      " SELECT i+1 FROM n WHERE i < 2000) SELECT printf('%05d', i), zeroblob(90) FROM n");
  db.commit("new");
  Query query(db, "SELECT key FROM new");
  EXPECT_EQ(query.step(), "00000");
  db.run("ROLLBACK");
  EXPECT_NE(query.rest().find("error: abort due to ROLLBACK"), std::string::npos);
  query.reset();
  EXPECT_EQ(db.rows("SELECT * FROM new"), "");
}

// Those of a changed tree are, and the query need not end.
TEST_F(TableSnapshot, OutlivesItsCommit) {
  db.run("BEGIN");
  db.commit();
  Query query(db, "SELECT * FROM kv");
  EXPECT_EQ(query.step(), "a|1");
  db.run("ROLLBACK");
  EXPECT_EQ(query.rest(), "b|2 c|3 d|4 e|5 f|6");
}

}  // namespace
}  // namespace vkv::ext
