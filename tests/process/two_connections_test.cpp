// Two connections on one file: what each sees, and when it must wait.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/database.h"
#include "tests/support/processes.h"

namespace vkv::test {
namespace {

class TwoConnections : public testing::TestWithParam<const char*> {
 protected:
  TwoConnections() {
    a.must(std::string("PRAGMA journal_mode = ") + GetParam());
    a.must("CREATE VIRTUAL TABLE kv USING vkv");
    a.must("INSERT INTO kv VALUES('k', 'old'); SELECT vkv_commit('kv', 'first')");
  }
  static SqlValue value(Database& db) {
    return db.run("SELECT value FROM kv WHERE key = 'k'").value();
  }

  ScratchDirectory directory;
  Database a{directory.file("shared.db")};
  Database b{directory.file("shared.db")};
};

TEST_P(TwoConnections, RowsAreSeenOnceTheirTransactionCommits) {
  EXPECT_EQ(value(b), SqlValue("old"));
  a.must("BEGIN; UPDATE kv SET value = 'new' WHERE key = 'k'");
  EXPECT_EQ(value(a), SqlValue("new"));
  EXPECT_EQ(value(b), SqlValue("old"));
  a.must("COMMIT");
  EXPECT_EQ(value(b), SqlValue("new"));
  EXPECT_EQ(b.run("SELECT vkv_has_changes('kv')").value(), SqlValue(std::int64_t{1}));
}

TEST_P(TwoConnections, CommitsAreSeenOnceTheirTransactionCommits) {
  const SqlValue first = b.run("SELECT vkv_current_commit('kv')").value();
  a.must("BEGIN; UPDATE kv SET value = 'new' WHERE key = 'k'");
  const SqlValue second = a.run("SELECT vkv_commit('kv', 'second')").value();
  EXPECT_NE(first, second);
  EXPECT_EQ(b.run("SELECT vkv_current_commit('kv')").value(), first);
  a.must("COMMIT");
  EXPECT_EQ(b.run("SELECT vkv_current_commit('kv')").value(), second);
  EXPECT_EQ(b.run("SELECT count(*) FROM vkv_log('kv')").value(), SqlValue(std::int64_t{3}));
}

TEST_P(TwoConnections, ARollbackIsSeenByNobody) {
  a.must("BEGIN; DELETE FROM kv; SELECT vkv_commit('kv', 'gone'); ROLLBACK");
  EXPECT_EQ(value(b), SqlValue("old"));
  EXPECT_EQ(value(a), SqlValue("old"));
}

TEST_P(TwoConnections, ASnapshotHoldsStill) {
  b.must("BEGIN");
  EXPECT_EQ(value(b), SqlValue("old"));
  const Answer update = a.run("UPDATE kv SET value = 'new' WHERE key = 'k'");
  // Only WAL lets others commit beside a reader.
  EXPECT_EQ(update.code, std::string(GetParam()) == "WAL" ? SQLITE_OK : SQLITE_BUSY);
  EXPECT_EQ(value(b), SqlValue("old"));
  b.must("COMMIT");
  EXPECT_EQ(value(b), SqlValue(update.ok() ? "new" : "old"));
}

TEST_P(TwoConnections, WritersMeetBusyAndChangeNothing) {
  a.must("BEGIN IMMEDIATE");
  for (const char* sql : {
           "INSERT INTO kv VALUES('other', 1)",
           "UPDATE kv SET value = 'new'",
           "DELETE FROM kv",
           "SELECT vkv_branch('kv', 'dev')",
       }) {
    EXPECT_EQ(b.run(sql).code, SQLITE_BUSY) << sql;
  }
  EXPECT_EQ(value(b), SqlValue("old"));
  a.must("ROLLBACK");
  b.must("INSERT INTO kv VALUES('other', 1)");
  EXPECT_EQ(b.run("SELECT vkv_check('kv')").text(), "ok");
}

TEST_P(TwoConnections, AFunctionFindsATableThatAnotherConnectionMade) {
  EXPECT_EQ(b.run("SELECT vkv_current_branch('kv')").text(), "main");
  a.must("CREATE VIRTUAL TABLE more USING vkv; ALTER TABLE kv RENAME TO renamed");
  EXPECT_EQ(b.run("SELECT vkv_current_branch('more')").text(), "main");
  EXPECT_EQ(b.run("SELECT vkv_check('renamed')").text(), "ok");
  EXPECT_EQ(b.run("SELECT vkv_check('kv')").code, SQLITE_ERROR);
}

// A prepared statement keeps what SQLite knew of the table alive, and does not keep functions
// there.
TEST_P(TwoConnections, FunctionsReadTheTableThatHasTheNameNow) {
  const std::string get = "SELECT vkv_get('kv', 'k')";
  const std::string at = "SELECT value FROM vkv_at('kv', 'WORKING')";
  EXPECT_EQ(value(b), SqlValue("old"));
  EXPECT_EQ(b.run(get).text(), "old");
  EXPECT_EQ(b.run(at).text(), "old");
  a.must("DROP TABLE kv; CREATE VIRTUAL TABLE kv USING vkv; INSERT INTO kv VALUES('k', 'new')");
  EXPECT_EQ(b.run(get).text(), "new");
  EXPECT_EQ(b.run(at).text(), "new");
  EXPECT_EQ(value(b), SqlValue("new"));
  a.must("ALTER TABLE kv RENAME TO other");
  for (const std::string& sql : {get, at}) {
    const Answer gone = b.run(sql);
    EXPECT_EQ(gone.code, SQLITE_ERROR) << sql;
    EXPECT_THAT(gone.message, testing::HasSubstr("there is no table 'kv'")) << sql;
  }
}

TEST_P(TwoConnections, TheDefaultBranchIsWhatItIsNow) {
  b.must("SELECT vkv_branch('kv', 'dev'); SELECT vkv_checkout('kv', 'dev')");
  EXPECT_EQ(b.run("SELECT vkv_check('kv')").text(), "ok");
  a.must("SELECT vkv_branch_rename('kv', 'main', 'trunk')");
  EXPECT_THAT(b.run("SELECT vkv_branch_delete('kv', 'trunk')").message,
              testing::HasSubstr("branch 'trunk' is the one connections start on"));
  Database fresh(directory.file("shared.db"));
  EXPECT_EQ(value(fresh), SqlValue("old"));
  EXPECT_EQ(fresh.run("SELECT vkv_current_branch('kv')").text(), "trunk");
}

TEST_P(TwoConnections, ADefaultBranchRenamedInVainStays) {
  a.must("SELECT vkv_branch('kv', 'dev')");
  a.must("BEGIN; SELECT vkv_branch_rename('kv', 'main', 'trunk'); ROLLBACK");
  a.must("SELECT vkv_checkout('kv', 'dev')");
  EXPECT_EQ(a.run("SELECT vkv_branch_delete('kv', 'main')").code, SQLITE_ERROR);
  EXPECT_EQ(value(b), SqlValue("old"));
}

TEST_P(TwoConnections, ABranchIsNotDeletedUnderAWorkspaceWithChanges) {
  b.must("SELECT vkv_branch('kv', 'dev'); SELECT vkv_workspace('kv', 'agent', 'dev')");
  b.must("INSERT INTO kv VALUES('mine', 1)");
  EXPECT_THAT(a.run("SELECT vkv_branch_delete('kv', 'dev')").message,
              testing::HasSubstr("branch 'dev' has uncommitted changes in workspace 'agent'"));
  a.must("SELECT vkv_branch_delete('kv', 'dev', '{\"force\":true}')");
  EXPECT_THAT(b.run("SELECT vkv_commit('kv', 'late')").message,
              testing::HasSubstr("workspace 'agent' no longer exists"));
  b.must("SELECT vkv_checkout('kv', 'main')");
  EXPECT_EQ(b.run("SELECT vkv_check('kv')").text(), "ok");
}

TEST_P(TwoConnections, CheckoutNeedsNoLock) {
  b.must("SELECT vkv_branch('kv', 'dev')");
  a.must("BEGIN IMMEDIATE");
  EXPECT_TRUE(b.run("SELECT vkv_checkout('kv', 'dev')").ok());
  EXPECT_EQ(b.run("SELECT vkv_current_branch('kv')").text(), "dev");
  EXPECT_EQ(a.run("SELECT vkv_current_branch('kv')").text(), "main");
}

INSTANTIATE_TEST_SUITE_P(Journal, TwoConnections, testing::Values("WAL", "DELETE"));

}  // namespace
}  // namespace vkv::test
