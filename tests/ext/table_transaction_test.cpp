// Transactions, savepoints, and what DDL does inside them.
#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "tests/ext/database.h"
#include "tests/kv/temporary_directory.h"

namespace vkv::ext {
namespace {

using testing::Database;
using testing::Outcome;
using testing::Query;

class TableTransaction : public ::testing::Test {
 protected:
  TableTransaction() {
    db.run("CREATE VIRTUAL TABLE kv USING vkv; INSERT INTO kv VALUES('a',1),('b',2)");
    db.commit();
  }
  std::string rows(const std::string& table = "kv") { return db.rows("SELECT * FROM " + table); }

  Database db;
};

TEST_F(TableTransaction, RollsBack) {
  db.run("BEGIN; INSERT INTO kv VALUES('c',3); DELETE FROM kv WHERE key = 'a'");
  EXPECT_EQ(rows(), "b|2 c|3");
  db.run("ROLLBACK");
  EXPECT_EQ(rows(), "a|1 b|2");
  db.run("BEGIN; INSERT INTO kv VALUES('c',3); COMMIT");
  EXPECT_EQ(rows(), "a|1 b|2 c|3");
}

TEST_F(TableTransaction, RollsBackACommit) {
  db.run("BEGIN; INSERT INTO kv VALUES('c',3)");
  db.commit();
  db.run("INSERT INTO kv VALUES('d',4)");
  EXPECT_EQ(rows(), "a|1 b|2 c|3 d|4");
  db.run("ROLLBACK");
  EXPECT_EQ(rows(), "a|1 b|2");
  db.run("INSERT INTO kv VALUES('c',3)");
  db.commit();
  EXPECT_EQ(rows(), "a|1 b|2 c|3");
}

// Savepoints nested to four, a write before each or none, rolled back to each.
TEST_F(TableTransaction, RollsBackToEverySavepoint) {
  constexpr int kDepth = 4;
  for (const char* begin : {"", "BEGIN"}) {
    for (unsigned written = 0; written < 1U << kDepth; ++written) {
      for (int to = 0; to < kDepth; ++to) {
        SCOPED_TRACE(std::string(begin) + " writes " + std::to_string(written) + ", back to " +
                     std::to_string(to));
        db.run(begin);
        std::vector<std::string> states;
        for (int i = 0; i < kDepth; ++i) {
          states.push_back(rows());
          db.run("SAVEPOINT s" + std::to_string(i));
          if ((written >> i & 1) != 0) {
            db.run("INSERT INTO kv VALUES('k" + std::to_string(i) + "'," + std::to_string(i) +
                   "); UPDATE kv SET value = value + 10");
          }
        }
        db.run("ROLLBACK TO s" + std::to_string(to));
        EXPECT_EQ(rows(), states[static_cast<std::size_t>(to)]);
        db.run("INSERT INTO kv VALUES('z',0)");
        EXPECT_EQ(rows(), states[static_cast<std::size_t>(to)] + " z|0");
        db.run("ROLLBACK TO s0; RELEASE s0");
        EXPECT_EQ(rows(), "a|1 b|2");
        if (*begin) db.run("COMMIT");
        EXPECT_EQ(rows(), "a|1 b|2");
      }
    }
  }
}

TEST_F(TableTransaction, ReleasesSavepoints) {
  db.run("SAVEPOINT o; INSERT INTO kv VALUES('c',3); SAVEPOINT i; DELETE FROM kv; RELEASE i");
  EXPECT_EQ(rows(), "");
  db.run("ROLLBACK TO o");
  EXPECT_EQ(rows(), "a|1 b|2");
  db.run("INSERT INTO kv VALUES('d',4); RELEASE o");
  EXPECT_EQ(rows(), "a|1 b|2 d|4");
}

TEST_F(TableTransaction, RollsBackToWithCursorsOpen) {
  db.run("BEGIN; INSERT INTO kv VALUES('c',3),('d',4); SAVEPOINT s");
  Query query(db, "SELECT * FROM kv");
  EXPECT_EQ(query.step(), "a|1");
  db.run("DELETE FROM kv; ROLLBACK TO s; INSERT INTO kv VALUES('e',5)");
  EXPECT_EQ(query.rest(), "b|2 c|3 d|4");
  EXPECT_EQ(rows(), "a|1 b|2 c|3 d|4 e|5");
  query.reset();
  db.run("COMMIT");
}

// A failing statement of several rows is undone alone.
TEST_F(TableTransaction, UndoesAFailedStatement) {
  db.run("BEGIN; INSERT INTO kv VALUES('c',3)");
  EXPECT_EQ(db.attempt("INSERT INTO kv VALUES('d',4),('e',5),('a',9)").code, SQLITE_CONSTRAINT);
  EXPECT_EQ(db.attempt("UPDATE kv SET key = CASE key WHEN 'c' THEN 'bx' ELSE key||'x' END").code,
            SQLITE_CONSTRAINT);
  EXPECT_EQ(rows(), "a|1 b|2 c|3");
  db.run("COMMIT");
  EXPECT_EQ(rows(), "a|1 b|2 c|3");
}

TEST_F(TableTransaction, Renames) {
  db.run("INSERT INTO kv VALUES('c',3); ALTER TABLE kv RENAME TO \"a \"\"b\"\" c\"");
  EXPECT_EQ(rows("\"a \"\"b\"\" c\""), "a|1 b|2 c|3");
  db.run("INSERT INTO \"a \"\"b\"\" c\" VALUES('d',4); ALTER TABLE \"a \"\"b\"\" c\" RENAME TO w");
  EXPECT_EQ(rows("w"), "a|1 b|2 c|3 d|4");
  db.commit("w");
  EXPECT_EQ(rows("w"), "a|1 b|2 c|3 d|4");
  EXPECT_EQ(db.rows("SELECT count(*) FROM sqlite_schema WHERE tbl_name GLOB 'kv*'"), "0");
}

TEST_F(TableTransaction, RenamesWithinATransaction) {
  db.run(
      "BEGIN; INSERT INTO kv VALUES('c',3); SAVEPOINT s; ALTER TABLE kv RENAME TO w;"
      "INSERT INTO w VALUES('d',4)");
  EXPECT_EQ(rows("w"), "a|1 b|2 c|3 d|4");
  db.run("ROLLBACK TO s");
  EXPECT_EQ(rows(), "a|1 b|2 c|3");
  db.run("INSERT INTO kv VALUES('e',5)");
  EXPECT_EQ(rows(), "a|1 b|2 c|3 e|5");
  db.run("ALTER TABLE kv RENAME TO w; ALTER TABLE w RENAME TO kv; INSERT INTO kv VALUES('f',6)");
  EXPECT_EQ(rows(), "a|1 b|2 c|3 e|5 f|6");
  db.run("ROLLBACK");
  EXPECT_EQ(rows(), "a|1 b|2");
}

TEST_F(TableTransaction, RefusesToRenameWhileItIsRead) {
  Query query(db, "SELECT * FROM kv");
  EXPECT_EQ(query.step(), "a|1");
  const Outcome outcome = db.attempt("ALTER TABLE kv RENAME TO w");
  EXPECT_EQ(outcome.code & 0xff, SQLITE_LOCKED);
  EXPECT_EQ(query.rest(), "b|2");
  query.reset();
  EXPECT_EQ(rows(), "a|1 b|2");
  db.run("ALTER TABLE kv RENAME TO w");
  EXPECT_EQ(rows("w"), "a|1 b|2");
}

TEST_F(TableTransaction, Drops) {
  db.run("INSERT INTO kv VALUES('c',3); DROP TABLE kv");
  EXPECT_EQ(db.rows("SELECT count(*) FROM sqlite_schema"), "0");
  db.run("CREATE VIRTUAL TABLE kv USING vkv");
  EXPECT_EQ(rows(), "");
}

TEST_F(TableTransaction, RefusesToDropWhileItIsRead) {
  Query query(db, "SELECT * FROM kv");
  EXPECT_EQ(query.step(), "a|1");
  EXPECT_EQ(db.attempt("DROP TABLE kv").code & 0xff, SQLITE_LOCKED);
  EXPECT_EQ(query.rest(), "b|2");
}

TEST_F(TableTransaction, ADroppedTableComesBack) {
  for (const char* undo : {"ROLLBACK TO s", "ROLLBACK TO s; INSERT INTO kv VALUES('d',4)"}) {
    db.run(
        "BEGIN; INSERT INTO kv VALUES('c',3); SAVEPOINT s; DELETE FROM kv WHERE key = 'a';"
        "DROP TABLE kv");
    EXPECT_EQ(db.attempt("SELECT * FROM kv").message, "no such table: kv");
    db.run(undo);
    EXPECT_TRUE(rows().starts_with("a|1 b|2 c|3"));
    db.run("UPDATE kv SET value = 9; ROLLBACK");
    EXPECT_EQ(rows(), "a|1 b|2");
  }
  db.run("BEGIN; DROP TABLE kv; CREATE VIRTUAL TABLE kv USING vkv; INSERT INTO kv VALUES('new',1)");
  EXPECT_EQ(rows(), "new|1");
  db.run("ROLLBACK");
  EXPECT_EQ(rows(), "a|1 b|2");
  db.run("BEGIN; DROP TABLE kv; COMMIT");
  EXPECT_EQ(db.rows("SELECT count(*) FROM sqlite_schema"), "0");
}

TEST_F(TableTransaction, ACreatedTableGoesAway) {
  db.run("BEGIN; CREATE VIRTUAL TABLE t USING vkv; INSERT INTO t VALUES('a',1)");
  db.commit("t");
  db.run("INSERT INTO t VALUES('b',1); ROLLBACK");
  EXPECT_EQ(db.attempt("SELECT * FROM t").message, "no such table: t");
  db.run(
      "SAVEPOINT s; CREATE VIRTUAL TABLE t USING vkv; INSERT INTO t VALUES('a',1); ROLLBACK TO s;"
      "CREATE VIRTUAL TABLE t USING vkv; INSERT INTO t VALUES('b',2); RELEASE s");
  EXPECT_EQ(rows("t"), "b|2");
}

TEST_F(TableTransaction, SurvivesVacuum) {
  TemporaryDirectory directory;
  db.run("INSERT INTO kv VALUES('c',3)");
  Query cached(db, "SELECT count(*) FROM kv");
  EXPECT_EQ(cached.rest(), "3");
  cached.reset();
  db.run("VACUUM");
  EXPECT_EQ(rows(), "a|1 b|2 c|3");
  db.run("VACUUM INTO '" + (directory / "copy").string() + "'");
  Database copy(directory / "copy");
  EXPECT_EQ(copy.rows("SELECT * FROM kv"), "a|1 b|2 c|3");
}

TEST_F(TableTransaction, RefusesBadArguments) {
  const struct {
    const char* arguments;
    const char* message;
  } cases[] = {
      {"(what=1)", "unknown argument 'what'"},
      {"(branch=a, branch=b)", "argument 'branch' is given twice"},
      {"(branch='a b')", "argument 'branch': "},
  };
  for (const auto& c : cases) {
    const Outcome outcome =
        db.attempt(std::string("CREATE VIRTUAL TABLE t USING vkv") + c.arguments);
    EXPECT_EQ(outcome.code, SQLITE_ERROR);
    EXPECT_EQ(outcome.message.substr(0, std::strlen(c.message)), c.message);
    EXPECT_EQ(db.rows("SELECT count(*) FROM sqlite_schema WHERE tbl_name GLOB 't*'"), "0");
  }
}

TEST_F(TableTransaction, ADamagedTableFailsAtUseAndCanBeDropped) {
  TemporaryDirectory directory;
  const struct {
    const char* damage;
    const char* message;
  } cases[] = {
      {"DROP TABLE kv_config", "no such table: main.kv_config"},
      {"UPDATE kv_config SET value = 99 WHERE name = 'format'", "format 99"},
      {"DELETE FROM kv_config WHERE name = 'id'", "no usable setting 'id' in"},
      {"UPDATE kv_store SET value = x'00' WHERE key GLOB 'c*' OR substr(key, 1, 1) = x'63'", ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.damage);
    const std::string file = directory / std::to_string(&c - cases).c_str();
    {
      Database whole(file);
      whole.run("CREATE VIRTUAL TABLE kv USING vkv; INSERT INTO kv VALUES('a',1)");
      whole.commit();
      whole.run(c.damage);
    }
    Database damaged(file);
    for (const char* use : {"SELECT * FROM kv", "INSERT INTO kv VALUES('b',2)", "DELETE FROM kv"}) {
      const Outcome outcome = damaged.attempt(use);
      EXPECT_NE(outcome.code, SQLITE_OK) << use;
      EXPECT_NE(outcome.message.find(c.message), std::string::npos) << outcome.message;
    }
    damaged.run("DROP TABLE kv");
    EXPECT_EQ(damaged.rows("SELECT count(*) FROM sqlite_schema"), "0");
  }
}

}  // namespace
}  // namespace vkv::ext
