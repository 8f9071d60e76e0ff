// Two connections on one file: what each sees, and when it must wait.
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
