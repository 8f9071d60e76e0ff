// Rows staged in a transaction wait in memory: when they are written to their shadow table, and
// that nobody can tell.
#include <gtest/gtest.h>

#include "tests/ext/database.h"
#include "tests/kv/temporary_directory.h"

namespace vkv::ext {
namespace {

using testing::Database;
using testing::Outcome;
using testing::Query;

class StagedBuffer : public ::testing::Test {
 protected:
  StagedBuffer() {
    db.run("CREATE VIRTUAL TABLE kv USING vkv; INSERT INTO kv VALUES('a',1),('b',2)");
    db.commit();
  }
  std::string rows(const std::string& table = "kv") { return db.rows("SELECT * FROM " + table); }
  // In the shadow table.
  std::string written() { return db.rows("SELECT count(*) FROM kv_staged"); }

  Database db;
};

TEST_F(StagedBuffer, WritesWhenTheTransactionEnds) {
  db.run("BEGIN; INSERT INTO kv VALUES('c',3); UPDATE kv SET value = 9 WHERE key = 'a'");
  EXPECT_EQ(written(), "0");
  EXPECT_EQ(rows(), "a|9 b|2 c|3");
  db.run("COMMIT");
  EXPECT_EQ(written(), "2");
  EXPECT_EQ(rows(), "a|9 b|2 c|3");
}

TEST_F(StagedBuffer, WritesWhenASavepointBegins) {
  db.run("BEGIN; INSERT INTO kv VALUES('c',3)");
  EXPECT_EQ(written(), "0");
  db.run("SAVEPOINT s");
  EXPECT_EQ(written(), "1");
  db.run("INSERT INTO kv VALUES('d',4); ROLLBACK TO s");
  EXPECT_EQ(rows(), "a|1 b|2 c|3");
  db.run("ROLLBACK");
  EXPECT_EQ(rows(), "a|1 b|2");
}

TEST_F(StagedBuffer, WritesAtOnceOutsideATransaction) {
  db.run("INSERT INTO kv VALUES('c',3)");
  EXPECT_EQ(written(), "1");
}

TEST_F(StagedBuffer, WhatIsCommittedIsNeverWritten) {
  db.run("BEGIN; INSERT INTO kv VALUES('c',3)");
  const std::string before = db.rows("SELECT total_changes()");
  db.commit();
  EXPECT_EQ(written(), "0");
  EXPECT_EQ(rows(), "a|1 b|2 c|3");
  // Two chunks and the branch's head in kv_store, without a statement of the function's own.
  EXPECT_EQ(db.rows("SELECT changes(), total_changes() - " + before), "1|3");
  db.run("COMMIT");
  EXPECT_EQ(rows(), "a|1 b|2 c|3");
  EXPECT_EQ(db.rows("SELECT vkv_has_changes('kv')"), "0");
}

// One that moves the branch and does nothing else has no savepoint.
TEST_F(StagedBuffer, AFailingCommitLeavesEverythingStaged) {
  const std::string head = db.rows("SELECT vkv_rev_parse('kv','main')");
  for (const char* what : {"INSERT", "UPDATE"}) {
    db.run(std::string("CREATE TEMP TRIGGER t BEFORE ") + what +
           " ON main.kv_store BEGIN SELECT RAISE(ABORT, 'planted'); END; BEGIN;"
           "UPDATE kv SET value = 11 WHERE key = 'a'; INSERT INTO kv VALUES('c',3)");
    EXPECT_EQ(db.attempt("SELECT vkv_commit('kv','m')").message, "vkv_commit: planted");
    EXPECT_EQ(db.rows("SELECT vkv_rev_parse('kv','main')"), head);
    EXPECT_EQ(db.rows("SELECT key, kind FROM vkv_status('kv')"), "a|modified c|added");
    db.run("ROLLBACK; DROP TRIGGER t");
    EXPECT_EQ(rows(), "a|1 b|2");
  }
}

// A commit fails after it has read what is staged, and once more after it has moved the branch.
TEST_F(StagedBuffer, AFailingMergeLeavesEverythingStaged) {
  db.run(
      "SELECT vkv_workspace('kv','w'); SELECT vkv_branch('kv','other');"
      "CREATE VIRTUAL TABLE m USING vkv(store=kv, branch=main);"
      "REPLACE INTO m VALUES('a',10); SELECT vkv_commit('m','theirs');"
      "BEGIN; UPDATE kv SET value = 11 WHERE key = 'a'; INSERT INTO kv VALUES('c',3)");
  const Outcome outcome = db.attempt("SELECT vkv_commit('kv','ours')");
  EXPECT_EQ(outcome.code & 0xff, SQLITE_CONSTRAINT) << outcome.message;
  EXPECT_EQ(rows(), "a|11 b|2 c|3");
  EXPECT_EQ(db.rows("SELECT key, kind FROM vkv_status('kv')"), "a|modified c|added");

  db.run(
      "CREATE TEMP TRIGGER t AFTER UPDATE ON main.kv_workspace BEGIN"
      "  SELECT RAISE(ABORT, 'planted'); END");
  EXPECT_EQ(db.attempt("SELECT vkv_commit('kv','ours','{\"on_conflict\":\"ours\"}')").message,
            "vkv_commit: planted");
  db.run("DROP TRIGGER t");
  EXPECT_EQ(db.rows("SELECT key, kind FROM vkv_status('kv')"), "a|modified c|added");
  db.run("SELECT vkv_commit('kv','ours','{\"on_conflict\":\"ours\"}'); COMMIT");
  EXPECT_EQ(rows(), "a|11 b|2 c|3");
  EXPECT_EQ(rows("m"), "a|11 b|2 c|3");
}

TEST_F(StagedBuffer, ACommitCanBeUndone) {
  db.run("BEGIN; INSERT INTO kv VALUES('c',3); SAVEPOINT s; INSERT INTO kv VALUES('d',4)");
  db.commit();
  db.run("INSERT INTO kv VALUES('e',5)");
  db.commit();
  db.run("INSERT INTO kv VALUES('f',6); ROLLBACK TO s");
  EXPECT_EQ(db.rows("SELECT key, kind FROM vkv_status('kv')"), "c|added");
  db.commit();
  EXPECT_EQ(rows(), "a|1 b|2 c|3");
  db.run("ROLLBACK");
  EXPECT_EQ(rows(), "a|1 b|2");
}

// Functions other than vkv_commit that write: those that fail, and those that take what is staged.
TEST_F(StagedBuffer, FunctionsFindWhatIsStaged) {
  db.run("BEGIN; INSERT INTO kv VALUES('c',3)");
  EXPECT_NE(db.attempt("SELECT vkv_branch('kv','main')").code, SQLITE_OK);
  EXPECT_NE(db.attempt("SELECT vkv_merge('kv','main')").code, SQLITE_OK);
  EXPECT_EQ(rows(), "a|1 b|2 c|3");
  EXPECT_EQ(db.rows("SELECT vkv_cas('kv','c',4,3), vkv_cas('kv','c',5,3)"), "1|0");
  EXPECT_EQ(rows(), "a|1 b|2 c|4");
  db.run("SELECT vkv_commit('kv','the rest','{\"keys\":[\"x*\"]}')");
  EXPECT_EQ(db.rows("SELECT key, new_value FROM vkv_status('kv')"), "c|4");
  EXPECT_EQ(db.rows("SELECT name, staged FROM vkv_branches('kv')"), "main|1");
  db.run("SELECT vkv_gc('kv'); SELECT vkv_reset('kv')");
  EXPECT_EQ(rows(), "a|1 b|2");
  db.run("COMMIT");
  EXPECT_EQ(rows(), "a|1 b|2");
}

// A workspace's base stays where it was when its first row was staged, though its row in
// kv_workspace tells of an older one.
TEST_F(StagedBuffer, KnowsTheBase) {
  db.run("SELECT vkv_tag('kv','one'); INSERT INTO kv VALUES('c',3)");
  db.commit();
  const std::string head = db.rows("SELECT vkv_current_commit('kv')");
  db.run(
      "CREATE TABLE plain(x); BEGIN; INSERT INTO kv VALUES('d',4); INSERT INTO plain VALUES(1);"
      "INSERT INTO kv VALUES('e',5)");
  EXPECT_EQ(db.rows("SELECT base_commit, staged FROM vkv_workspaces('kv')"), head + "|2");
  EXPECT_EQ(db.rows("SELECT vkv_base_commit('kv')"), head);
  db.run("COMMIT");
  EXPECT_EQ(db.rows("SELECT base_commit, staged FROM vkv_workspaces('kv')"), head + "|2");

  // Nothing is left of what was staged and taken back.
  db.run(
      "SELECT vkv_reset('kv'); BEGIN; INSERT INTO kv VALUES('d',4); DELETE FROM kv WHERE key='d'");
  db.run("COMMIT; SELECT vkv_reset_to('kv','one'); INSERT INTO kv VALUES('e',5)");
  EXPECT_EQ(db.rows("SELECT base_commit = vkv_rev_parse('kv','one') FROM vkv_workspaces('kv')"),
            "1");
  EXPECT_EQ(rows(), "a|1 b|2 e|5");
}

TEST_F(StagedBuffer, SeveralTablesAndWorkspacesTakeTurns) {
  db.run(
      "SELECT vkv_branch('kv','dev'); CREATE VIRTUAL TABLE dev USING vkv(store=kv, branch=dev);"
      "CREATE VIRTUAL TABLE n USING vkv(store=kv, namespace=n);"
      "CREATE VIRTUAL TABLE other USING vkv; BEGIN");
  for (int i = 0; i < 3; ++i) {
    for (const char* table : {"kv", "other", "dev", "n"}) {
      const std::string value = std::to_string(i);
      db.run("INSERT INTO " + std::string(table) + " VALUES('" + table + value + "'," + value +
             ")");
    }
  }
  const auto check = [&] {
    EXPECT_EQ(rows(), "a|1 b|2 kv0|0 kv1|1 kv2|2 n/n0|0 n/n1|1 n/n2|2");
    EXPECT_EQ(rows("other"), "other0|0 other1|1 other2|2");
    EXPECT_EQ(rows("dev"), "a|1 b|2 dev0|0 dev1|1 dev2|2");
  };
  check();
  EXPECT_NE(db.attempt("SELECT vkv_branch('other','main')").code, SQLITE_OK);
  check();
  db.run("SELECT vkv_commit('n','by a view'); SELECT vkv_commit('other','o')");
  check();
  db.run("DROP TABLE n; INSERT INTO dev VALUES('z',0); DROP TABLE dev; COMMIT");
  EXPECT_EQ(db.rows("SELECT vkv_checkout('kv','dev') IS NULL"), "0");
  EXPECT_EQ(rows(), "a|1 b|2 dev0|0 dev1|1 dev2|2 z|0");
}

// The rows are in an object of the table that nobody uses any more.
TEST_F(StagedBuffer, OutlivesItsObject) {
  db.run("BEGIN; INSERT INTO kv VALUES('c',3); PRAGMA writable_schema = RESET");
  EXPECT_EQ(rows(), "a|1 b|2 c|3");
  db.run("INSERT INTO kv VALUES('d',4)");
  EXPECT_EQ(rows(), "a|1 b|2 c|3 d|4");
  db.run("COMMIT");
  EXPECT_EQ(rows(), "a|1 b|2 c|3 d|4");

  db.run("CREATE VIRTUAL TABLE n USING vkv(store=kv, namespace=n)");
  db.run("BEGIN; INSERT INTO n VALUES('e',5); PRAGMA writable_schema = RESET");
  EXPECT_EQ(rows(), "a|1 b|2 c|3 d|4 n/e|5");
  db.run("COMMIT");
  EXPECT_EQ(rows(), "a|1 b|2 c|3 d|4 n/e|5");
}

// Closing needs every statement finalized, and rolls back.
TEST_F(StagedBuffer, IsGoneWithItsConnection) {
  TemporaryDirectory directory;
  const std::string file = directory / "db";
  for (const char* table : {"kv", "n"}) {
    {
      Database closing(file);
      if (closing.rows("SELECT count(*) FROM sqlite_schema") == "0") {
        closing.run(
            "CREATE VIRTUAL TABLE kv USING vkv;"
            "CREATE VIRTUAL TABLE n USING vkv(store=kv, namespace=n)");
      }
      closing.run(std::string("BEGIN; INSERT INTO ") + table + " VALUES('c',3)");
      EXPECT_EQ(closing.rows(std::string("SELECT * FROM ") + table), "c|3");
    }
    Database again(file);
    EXPECT_EQ(again.rows("SELECT count(*) FROM kv"), "0");
  }
}

// After COMMIT and SAVEPOINT they tell of the statement before, as without the extension.
TEST_F(StagedBuffer, IsNotSeenInChangesNorInLastInsertRowid) {
  db.run("CREATE TABLE plain(x); INSERT INTO plain VALUES(7),(8)");
  for (const char* end : {"COMMIT", "SAVEPOINT s"}) {
    SCOPED_TRACE(end);
    const struct {
      const char* statement;
      const char* changes;
    } cases[] = {
        {"INSERT INTO kv VALUES('c',3),('d',4),('e',5)", "3"},
        {"INSERT INTO kv VALUES('c',3)", "1"},
        {"INSERT INTO kv VALUES('c',3); DELETE FROM kv WHERE key = 'none'", "0"},
        {"INSERT INTO kv VALUES('c',3); UPDATE plain SET x = 1", "2"},
    };
    for (const auto& c : cases) {
      SCOPED_TRACE(c.statement);
      db.run(std::string("BEGIN; ") + c.statement + ";" + end);
      EXPECT_EQ(db.rows("SELECT changes(), last_insert_rowid()"), std::string(c.changes) + "|2");
      if (sqlite3_get_autocommit(db.get()) == 0) db.run("COMMIT");
      db.run("SELECT vkv_reset('kv')");
    }
  }
}

// A scan goes on over the rows that there were when it began.
TEST_F(StagedBuffer, IsScannedWhileItChanges) {
  for (const char* change : {"DELETE FROM kv WHERE key > 'b'", "COMMIT", "SAVEPOINT s",
                             "SELECT vkv_commit('kv','m')", "SELECT vkv_reset('kv')"}) {
    for (const bool down : {false, true}) {
      SCOPED_TRACE(change);
      db.run("BEGIN; INSERT INTO kv VALUES('c',3); INSERT INTO kv VALUES('d',4)");
      Query query(db, std::string("SELECT * FROM kv ORDER BY key") + (down ? " DESC" : ""));
      EXPECT_EQ(query.step(), down ? "d|4" : "a|1");
      db.run(change);
      EXPECT_EQ(query.rest(), down ? "c|3 b|2 a|1" : "b|2 c|3 d|4");
      query.reset();
      if (sqlite3_get_autocommit(db.get()) == 0) db.run("ROLLBACK");
      db.run("SELECT vkv_reset('kv')");
    }
  }
  db.run("BEGIN; INSERT INTO kv VALUES('c',3); INSERT INTO kv VALUES('d',4)");
  EXPECT_EQ(db.rows("SELECT * FROM kv WHERE key BETWEEN 'c' AND 'cz'"), "c|3");
  EXPECT_EQ(db.rows("SELECT * FROM kv WHERE key > 'c' AND key < 'e'"), "d|4");
  EXPECT_EQ(db.rows("SELECT * FROM kv WHERE key > 'd' AND key < 'c'"), "");
}

// More rows than there is room for in memory: the first 34 of 40 are written in one batch.
class StagedBatches : public StagedBuffer {
 protected:
  StagedBatches() {
    db.run("BEGIN; INSERT INTO kv VALUES('c',3)");
    for (int i = 10; i < 50; ++i) insert(i);
    EXPECT_EQ(written(), "35");
  }
  void insert(int i) {
    db.run("INSERT INTO kv VALUES('k" + std::to_string(i) + "', zeroblob(1000000 + " +
           std::to_string(i) + "))");
  }
  std::string values(const std::string& where) {
    return db.rows("SELECT key, iif(typeof(value) = 'blob', length(value), value) FROM kv WHERE " +
                   where);
  }
};

TEST_F(StagedBatches, AreReadWithWhatIsInMemory) {
  EXPECT_EQ(values("key = 'k10'"), "k10|1000010");
  EXPECT_EQ(values("key = 'k49'"), "k49|1000049");
  EXPECT_EQ(values("key = 'k50'"), "");
  EXPECT_EQ(written(), "35");
  EXPECT_EQ(db.rows("SELECT count(*), sum(length(value)) FROM kv WHERE key GLOB 'k*'"),
            "40|40001180");
  EXPECT_EQ(written(), "41");
}

TEST_F(StagedBatches, AreCounted) {
  EXPECT_EQ(db.rows("SELECT staged FROM vkv_workspaces('kv')"), "41");
  insert(50);
  EXPECT_EQ(db.rows("SELECT name, staged FROM vkv_branches('kv')"), "main|42");
}

TEST_F(StagedBatches, KeepKeysUnique) {
  for (const char* key : {"c", "k10", "k43", "k44", "k49"}) {
    EXPECT_EQ(db.attempt(std::string("INSERT INTO kv VALUES('") + key + "',0)").code & 0xff,
              SQLITE_CONSTRAINT)
        << key;
    db.run(std::string("INSERT OR IGNORE INTO kv VALUES('") + key + "',0)");
  }
  EXPECT_EQ(values("key IN ('c','k10','k49')"), "c|3 k10|1000010 k49|1000049");
}

TEST_F(StagedBatches, AreChangedAndErased) {
  db.run(
      "UPDATE kv SET value = 1 WHERE key = 'k10'; UPDATE kv SET value = 2 WHERE key = 'k49';"
      "DELETE FROM kv WHERE key IN ('k11','k48'); DELETE FROM kv WHERE key = 'k10';"
      "UPDATE kv SET value = 4 WHERE key = 'k12'; INSERT INTO kv VALUES('k11',5)");
  const std::string expected = "k11|5 k12|4 k47|1000047 k49|2";
  const std::string where = "key IN ('k10','k11','k12','k47','k48','k49')";
  EXPECT_EQ(values(where), expected);
  db.run("COMMIT");
  EXPECT_EQ(values(where), expected);
  EXPECT_EQ(written(), "39");
}

// Nothing is left in memory, and something in the table.
TEST_F(StagedBatches, AreStagedWhenMemoryIsEmpty) {
  for (int i = 44; i < 50; ++i) db.run("DELETE FROM kv WHERE key = 'k" + std::to_string(i) + "'");
  EXPECT_EQ(db.rows("SELECT vkv_has_changes('kv')"), "1");
  for (int i = 10; i < 44; ++i) db.run("DELETE FROM kv WHERE key = 'k" + std::to_string(i) + "'");
  db.run("DELETE FROM kv WHERE key = 'c'");
  EXPECT_EQ(db.rows("SELECT vkv_has_changes('kv')"), "0");
  EXPECT_EQ(rows(), "a|1 b|2");
  db.run("COMMIT");
  EXPECT_EQ(rows(), "a|1 b|2");
  EXPECT_EQ(written(), "0");
}

TEST_F(StagedBatches, AreCommitted) {
  const std::string all = values("key > 'b'");
  db.run("UPDATE kv SET value = 9 WHERE key = 'a'; DELETE FROM kv WHERE key = 'b'");
  db.commit();
  EXPECT_EQ(written(), "0");
  db.run("COMMIT");
  EXPECT_EQ(values("key > 'b'"), all);
  EXPECT_EQ(values("key < 'c'"), "a|9");
  EXPECT_EQ(db.rows("SELECT vkv_check('kv')"), "ok");
}

TEST_F(StagedBatches, AreUndone) {
  db.run("SAVEPOINT s");
  EXPECT_EQ(written(), "41");
  for (int i = 50; i < 90; ++i) insert(i);
  db.run("ROLLBACK TO s");
  EXPECT_EQ(written(), "41");
  EXPECT_EQ(db.rows("SELECT count(*) FROM kv"), "43");
  db.run("SELECT vkv_reset('kv')");
  EXPECT_EQ(rows(), "a|1 b|2");
  db.run("ROLLBACK");
  EXPECT_EQ(rows(), "a|1 b|2");
  EXPECT_EQ(db.rows("SELECT vkv_has_changes('kv')"), "0");
}

TEST_F(StagedBatches, AreDiscarded) {
  db.run("SELECT vkv_reset('kv')");
  EXPECT_EQ(rows(), "a|1 b|2");
  EXPECT_EQ(written(), "0");
  db.run("INSERT INTO kv VALUES('c',4); COMMIT");
  EXPECT_EQ(rows(), "a|1 b|2 c|4");
}

// The statement that a batch is written in fails after that.
TEST_F(StagedBatches, AreUndoneWithTheirStatement) {
  EXPECT_NE(db.attempt("INSERT INTO kv WITH RECURSIVE n(i) AS (VALUES(60) UNION ALL"
                       "  SELECT i+1 FROM n WHERE i < 110)"
                       "  SELECT iif(i = 110, 'a', 'k' || i), zeroblob(1000000) FROM n")
                .code,
            SQLITE_OK);
  EXPECT_EQ(db.rows("SELECT count(*), max(key) FROM kv"), "43|k49");
  db.run("COMMIT");
  EXPECT_EQ(db.rows("SELECT count(*), max(key) FROM kv"), "43|k49");
}

// What was written before query_only was set is committed, as in a plain table.
TEST_F(StagedBuffer, IsWrittenUnderQueryOnly) {
  db.run("CREATE VIRTUAL TABLE other USING vkv; BEGIN; INSERT INTO kv VALUES('c',3)");
  db.run("PRAGMA query_only = 1; SELECT count(*) FROM other; COMMIT");
  EXPECT_EQ(rows(), "a|1 b|2 c|3");
  EXPECT_EQ(db.rows("PRAGMA query_only"), "1");
  EXPECT_EQ(db.attempt("INSERT INTO kv VALUES('d',4)").code & 0xff, SQLITE_READONLY);
}

TEST_F(StagedBuffer, IsNotCommittedUnderQueryOnly) {
  db.run("BEGIN; INSERT INTO kv VALUES('c',3); PRAGMA query_only = 1");
  EXPECT_EQ(db.attempt("SELECT vkv_commit('kv','m')").code & 0xff, SQLITE_READONLY);
  db.run("PRAGMA query_only = 0");
  EXPECT_EQ(db.rows("SELECT key, kind FROM vkv_status('kv')"), "c|added");
  db.commit();
  db.run("COMMIT");
  EXPECT_EQ(rows(), "a|1 b|2 c|3");
}

int deny_workspaces(void*, int action, const char* table, const char*, const char*, const char*) {
  const bool denied = action == SQLITE_UPDATE && std::string_view(table) == "kv_workspace";
  return denied ? SQLITE_DENY : SQLITE_OK;
}

// A batch of which nothing but the workspace's base could be written.
TEST_F(StagedBuffer, MayBeWrittenHalfInABatch) {
  db.run("BEGIN; INSERT INTO kv VALUES('c','')");
  int i = 0;
  Outcome outcome;
  const auto insert = [&] {
    return db.attempt("INSERT INTO kv VALUES('k" + std::to_string(10 + i) +
                      "', zeroblob(1000000))");
  };
  sqlite3_set_authorizer(db.get(), deny_workspaces, nullptr);
  while (i < 40 && (outcome = insert()).code == SQLITE_OK) ++i;
  sqlite3_set_authorizer(db.get(), nullptr, nullptr);
  EXPECT_EQ(i, 34) << outcome.message;
  EXPECT_EQ(written(), "35");
  EXPECT_EQ(db.rows("SELECT count(*), max(key) FROM kv"), "37|k43");
  EXPECT_EQ(insert().code, SQLITE_OK);
  db.run("DELETE FROM kv WHERE key IN ('k10','k44')");
  EXPECT_EQ(db.rows("SELECT count(*), max(key) FROM kv"), "36|k43");
  EXPECT_EQ(db.rows("SELECT vkv_has_changes('kv')"), "1");
  db.commit();
  db.run("COMMIT");
  EXPECT_EQ(db.rows("SELECT count(*), max(key) FROM kv"), "36|k43");
  EXPECT_EQ(db.rows("SELECT value = '' FROM kv WHERE key = 'c'"), "1");
  EXPECT_EQ(db.rows("SELECT vkv_check('kv')"), "ok");
}

// The statement that writes the batch sets changes(), not the one before.
TEST_F(StagedBuffer, BatchesAreNotSeenInChanges) {
  db.run(
      "CREATE TABLE plain(x); INSERT INTO plain SELECT value FROM json_each('[1,2,3,4,5]'); BEGIN;"
      "UPDATE plain SET x = 0");
  const std::string before = db.rows("SELECT total_changes()");
  db.run(
      "INSERT INTO kv WITH RECURSIVE n(i) AS (VALUES(10) UNION ALL SELECT i+1 FROM n WHERE i < 49)"
      "  SELECT 'k' || i, zeroblob(1000000) FROM n");
  EXPECT_EQ(db.rows("SELECT changes()"), "40");
  // The statement's own, the rows of one batch, and the workspace's base.
  EXPECT_EQ(db.rows("SELECT total_changes() - " + before), "75");
  db.run("COMMIT");
  EXPECT_EQ(db.rows("SELECT changes()"), "40");
}

// Of a table that was created within a savepoint SQLite does not tell that it is undone.
TEST_F(StagedBuffer, IsUndoneWithATableCreatedInASavepoint) {
  for (const char* arguments : {"store=kv, namespace=n", "store=kv, branch=main"}) {
    db.run(std::string("BEGIN; SAVEPOINT s; CREATE VIRTUAL TABLE v USING vkv(") + arguments +
           "); INSERT INTO v VALUES('z',1); ROLLBACK TO s; COMMIT");
    EXPECT_EQ(rows(), "a|1 b|2");
    EXPECT_EQ(db.rows("SELECT vkv_has_changes('kv'), vkv_check('kv')"), "0|ok");
  }
  db.run(
      "BEGIN; INSERT INTO kv VALUES('c',3); SAVEPOINT s; DROP TABLE kv;"
      "CREATE VIRTUAL TABLE kv USING vkv; INSERT INTO kv VALUES('d',4); ROLLBACK TO s; COMMIT");
  EXPECT_EQ(rows(), "a|1 b|2 c|3");
  db.run(
      "BEGIN; SAVEPOINT o; CREATE VIRTUAL TABLE t USING vkv; INSERT INTO t VALUES('a',1);"
      "ROLLBACK TO o; CREATE VIRTUAL TABLE t USING vkv; INSERT INTO t VALUES('b',1); COMMIT");
  EXPECT_EQ(rows("t"), "b|1");
}

// Within one statement, through a view of the same branch.
TEST_F(StagedBuffer, IsReadByTheStatementThatWrites) {
  db.run(
      "CREATE VIRTUAL TABLE m USING vkv(store=kv, branch=main); BEGIN;"
      "INSERT INTO kv SELECT 'k' || value, coalesce(vkv_get('m', 'k' || (value - 1)), 0) + 1"
      "  FROM json_each('[1,2,3,4]')");
  EXPECT_EQ(rows(), "a|1 b|2 k1|1 k2|2 k3|3 k4|4");
  db.run("COMMIT");
  EXPECT_EQ(rows("m"), "a|1 b|2 k1|1 k2|2 k3|3 k4|4");
}

// The rows are in the table by then, and their workspace is not.
TEST_F(StagedBuffer, MayBeWrittenHalf) {
  for (const char* after :
       {"INSERT INTO kv VALUES('e',5)", "SELECT vkv_reset('kv')", "SELECT vkv_commit('kv','m')"}) {
    SCOPED_TRACE(after);
    Database fresh;
    fresh.run("CREATE VIRTUAL TABLE kv USING vkv; INSERT INTO kv VALUES('a',1)");
    fresh.commit();
    fresh.run("BEGIN; INSERT INTO kv VALUES('c',3); INSERT INTO kv VALUES('d',4)");
    sqlite3_set_authorizer(fresh.get(), deny_workspaces, nullptr);
    EXPECT_NE(fresh.attempt("SAVEPOINT s").code, SQLITE_OK);
    EXPECT_EQ(fresh.rows("SELECT * FROM kv"), "a|1 c|3 d|4");
    sqlite3_set_authorizer(fresh.get(), nullptr, nullptr);
    fresh.run("DELETE FROM kv WHERE key = 'c'");
    EXPECT_EQ(fresh.rows("SELECT * FROM kv"), "a|1 d|4");
    fresh.run(after);
    const std::string found = fresh.rows("SELECT * FROM kv");
    fresh.run("COMMIT");
    EXPECT_EQ(fresh.rows("SELECT * FROM kv"), found);
    EXPECT_EQ(fresh.rows("SELECT vkv_check('kv')"), "ok");
    EXPECT_EQ(found, *after == 'I' ? "a|1 d|4 e|5" : after[11] == 'r' ? "a|1" : "a|1 d|4");
  }
}

}  // namespace
}  // namespace vkv::ext
