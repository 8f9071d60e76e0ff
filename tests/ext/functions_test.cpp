// The SQL functions where a script cannot go: several connections at one moment, interrupts, and
// what is left behind. Their answers and errors are in tests/sql.
#include "ext/functions.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/ext/database.h"
#include "tests/kv/temporary_directory.h"

namespace vkv::ext {
namespace {

using testing::Database;
using testing::Outcome;
using testing::Query;

// Calls back at every so many steps of SQLite's virtual machine on one connection.
class AtSteps {
 public:
  // `callback` returns whether to interrupt.
  AtSteps(Database& database, int every, std::function<bool()> callback)
      : database_(database), callback_(std::move(callback)) {
    sqlite3_progress_handler(database.get(), every, call, this);
  }
  AtSteps(const AtSteps&) = delete;
  AtSteps& operator=(const AtSteps&) = delete;
  ~AtSteps() { sqlite3_progress_handler(database_.get(), 0, nullptr, nullptr); }

 private:
  static int call(void* self) { return static_cast<AtSteps*>(self)->callback_() ? 1 : 0; }

  Database& database_;
  std::function<bool()> callback_;
};

constexpr const char* kCommit = "SELECT vkv_commit('kv','m','{\"time\":null}')";

class Functions : public ::testing::Test {
 protected:
  Functions() {
    db.run("PRAGMA journal_mode = WAL; CREATE VIRTUAL TABLE kv USING vkv; CREATE TABLE t(x)");
  }

  TemporaryDirectory directory;
  Database db{directory / "file.db"};
};

TEST_F(Functions, RegisteringTwiceOrOnAnotherConnectionIsIndependent) {
  EXPECT_EQ(register_functions(std::make_shared<Connection>(db.get())), SQLITE_OK);
  Database other(directory / "file.db");
  EXPECT_EQ(other.rows("SELECT vkv_current_branch('kv')"), "main");
}

// Without FROM a statement holds no snapshot of its own: another connection that commits between
// two of the function's reads must not show.
TEST_F(Functions, ReadAsOfOneMoment) {
  db.run("INSERT INTO kv VALUES('a', 1)");
  const std::string expected = db.rows("SELECT vkv_hash('kv')");
  Database other(directory / "file.db");
  for (int step = 1;; ++step) {
    ASSERT_EQ(db.rows("SELECT vkv_hash('kv'), vkv_has_changes('kv')"), expected + "|1");
    int seen = 0;
    {
      Query hash(db, "SELECT vkv_hash('kv')");
      // The other connection's commit leaves the state hash alone, and the staged rows empty.
      const AtSteps at(db, 1, [&] {
        if (++seen == step) other.run(kCommit);
        return false;
      });
      EXPECT_EQ(hash.rest(), expected) << step;
    }
    if (seen < step) break;
    db.run("SELECT vkv_reset_to('kv', 'HEAD~1'); INSERT INTO kv VALUES('a', 1)");
  }
}

TEST_F(Functions, AnswerBusyWhenAnotherConnectionWrites) {
  db.run("INSERT INTO kv VALUES('a', 1)");
  Database other(directory / "file.db");
  other.run("BEGIN IMMEDIATE");
  for (const char* sql : {kCommit, "SELECT vkv_branch('kv','b')", "SELECT vkv_reset('kv')",
                          "SELECT vkv_workspace('kv','w')", "SELECT vkv_cas('kv','a',2,1)"}) {
    EXPECT_EQ(db.attempt(sql).code & 0xff, SQLITE_BUSY) << sql;
  }
  // What moves the session or reads needs no lock.
  EXPECT_EQ(db.rows("SELECT vkv_checkout('kv','main') = vkv_current_commit('kv')"), "1");
  EXPECT_EQ(db.rows("SELECT vkv_check('kv')"), "ok");
  other.run("COMMIT");
  db.run(kCommit);
}

TEST_F(Functions, OfASnapshotThatIsNoLongerTheLatestDoNotWrite) {
  db.run("INSERT INTO kv VALUES('a', 1)");
  Database other(directory / "file.db");
  db.run("BEGIN");
  db.rows("SELECT * FROM t");
  other.run("INSERT INTO t VALUES(1)");
  EXPECT_EQ(db.attempt(kCommit).code, SQLITE_BUSY_SNAPSHOT);
  db.run("ROLLBACK");
  db.run(kCommit);
}

TEST_F(Functions, LeaveNothingAfterAnInterrupt) {
  db.run(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
      "INSERT INTO kv SELECT 'key ' || i, i FROM n");
  const std::string before = db.rows("SELECT vkv_current_commit('kv'), vkv_hash('kv')");
  const auto expect_interrupted = [&](const char* sql, int step) {
    {
      const AtSteps at(db, step, [] { return true; });
      EXPECT_EQ(db.attempt(sql).code, SQLITE_INTERRUPT) << sql << step;
    }
    EXPECT_EQ(db.rows("SELECT vkv_current_commit('kv'), vkv_hash('kv')"), before) << sql << step;
  };
  for (const int step : {1, 20, 500}) {
    expect_interrupted(kCommit, step);
    expect_interrupted("SELECT vkv_commit('kv','m','{\"keys\":[\"*1\"]}')", step);
    expect_interrupted("SELECT vkv_hash('kv')", step);
    expect_interrupted("SELECT vkv_check('kv')", step);
  }
  expect_interrupted("SELECT vkv_reset('kv')", 1);
  EXPECT_EQ(db.rows("SELECT vkv_check('kv')"), "ok");
  db.run(kCommit);
}

// The commit that nothing but `kv_workspace.merging` names.
TEST_F(Functions, CollectNoCommitThatIsBeingMergedIn) {
  const char* const collect = "SELECT vkv_gc('kv','{\"min_age\":0}') ->> 'removed_commits'";
  db.run("INSERT INTO kv VALUES('a', 1)");
  db.run(kCommit);
  db.run("SELECT vkv_workspace('kv','w'); SELECT vkv_workspace('kv',NULL)");
  db.run("UPDATE kv SET value = 2");
  db.run(kCommit);
  db.run("UPDATE kv_workspace SET merging = (SELECT value FROM kv_store WHERE key = x'" +
         db.rows("SELECT hex('heads/main')") + "') WHERE name = 'w'");
  db.run("SELECT vkv_reset_to('kv','HEAD~1')");
  EXPECT_EQ(db.rows(collect), "0");
  EXPECT_EQ(db.rows("SELECT vkv_check('kv')"), "ok");
  db.run("UPDATE kv_workspace SET merging = NULL");
  EXPECT_EQ(db.rows(collect), "1");
  EXPECT_EQ(db.rows("SELECT vkv_check('kv')"), "ok");
}

// At whatever step it is interrupted, all of the garbage is still there, or all of it is gone.
TEST_F(Functions, CollectAllOrNothingWhenInterrupted) {
  const char* const collect = "SELECT vkv_gc('kv','{\"min_age\":0}')";
  db.run(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
      "INSERT INTO kv SELECT 'key ' || i, i FROM n");
  db.run(kCommit);
  db.run("UPDATE kv SET value = value + 1");
  db.run(kCommit);
  db.run("SELECT vkv_reset_to('kv', 'HEAD~1')");
  const char* const garbage = "SELECT vkv_gc('kv','{\"min_age\":0,\"dry_run\":true}')";
  const std::string before = db.rows(garbage);
  int interrupted = 0;
  for (int step = 1;; step += 1 + step / 4) {
    Outcome outcome;
    int seen = 0;
    {
      const AtSteps at(db, 1, [&] {
        if (++seen == step) sqlite3_interrupt(db.get());
        return false;
      });
      outcome = db.attempt(collect);
    }
    EXPECT_EQ(db.rows("SELECT vkv_check('kv'), count(*) FROM kv"), "ok|2000") << step;
    if (seen < step) {
      EXPECT_EQ(outcome.code, SQLITE_OK) << outcome.message;
      break;
    }
    EXPECT_EQ(outcome.code, SQLITE_INTERRUPT) << step;
    EXPECT_EQ(db.rows(garbage), before) << step;
    ++interrupted;
  }
  EXPECT_GT(interrupted, 10);
  EXPECT_NE(db.rows(garbage), before);
}

TEST_F(Functions, LeaveNoStatementOpen) {
  db.run("INSERT INTO kv VALUES('a', 1)");
  for (const char* sql :
       {kCommit, "SELECT vkv_check('kv')", "SELECT vkv_hash('kv')",
        "SELECT vkv_checkout('kv','HEAD')", "SELECT vkv_merge('kv','main','{\"dry_run\":true}')",
        "SELECT vkv_checkout('kv','nowhere')", "SELECT vkv_commit('kv','m','{')",
        "SELECT vkv_get('kv','a')"}) {
    db.attempt(sql);
    for (auto* s = sqlite3_next_stmt(db.get(), nullptr); s; s = sqlite3_next_stmt(db.get(), s)) {
      EXPECT_EQ(sqlite3_stmt_busy(s), 0) << sql << " left " << sqlite3_sql(s);
    }
    EXPECT_EQ(sqlite3_txn_state(db.get(), nullptr), SQLITE_TXN_NONE) << sql;
  }
}

// A session moved while a statement writes would end in another workspace than it began.
TEST_F(Functions, MoveNoSessionWhileAStatementWrites) {
  db.run("INSERT INTO t VALUES(1), (2)");
  Query writing(db, "UPDATE t SET x = x + 1 RETURNING x");
  EXPECT_EQ(writing.step(), "2");
  for (const char* sql :
       {"SELECT vkv_checkout('kv','main')", "SELECT vkv_workspace('kv','w')",
        "SELECT vkv_workspace('kv',NULL)", "SELECT vkv_branch_rename('kv','main','m')"}) {
    EXPECT_EQ(db.attempt(sql).code, SQLITE_ERROR) << sql;
  }
  EXPECT_EQ(writing.rest(), "3");
  writing.reset();
  db.run("SELECT vkv_checkout('kv','main')");
}

TEST_F(Functions, SeeTheBranchConnectionsStartOnRenamedElsewhere) {
  Database other(directory / "file.db");
  EXPECT_EQ(other.rows("SELECT vkv_current_branch('kv')"), "main");
  db.run("SELECT vkv_branch_rename('kv','main','trunk')");
  EXPECT_EQ(
      other.attempt("SELECT vkv_current_branch('kv')").message,
      "vkv_current_branch: branch 'main' no longer exists; vkv_checkout leads to one that does");
  EXPECT_EQ(other.attempt("SELECT vkv_rev_parse('kv','main')").code, SQLITE_ERROR);
  other.run("SELECT vkv_checkout('kv','trunk')");
  Database third(directory / "file.db");
  EXPECT_EQ(third.rows("SELECT vkv_current_branch('kv')"), "trunk");
}

TEST_F(Functions, SayInValidUtf8WhatIsWrong) {
  const std::string message =
      db.attempt("SELECT vkv_merge('kv', 'a', CAST(x'7b22ff223a317d' AS TEXT))").message;
  EXPECT_EQ(message, "vkv_merge: argument 3 (options) is not valid UTF-8: '{\"\\xff\":1}'");
  EXPECT_EQ(db.attempt("SELECT vkv_get('kv', 'k', 'a' || char(10) || 'b')").message,
            "vkv_get: argument 3 (ref): revision 'a\\x0ab' is unknown");
}

}  // namespace
}  // namespace vkv::ext
