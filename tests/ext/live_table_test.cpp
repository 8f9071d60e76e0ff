// Tables of type live: rows without versions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/kv/disk.h"
#include "tests/ext/database.h"
#include "tests/kv/temporary_directory.h"

namespace vkv::ext {
namespace {

using testing::Database;
using ::testing::HasSubstr;
using testing::Outcome;
using testing::Query;

const std::string kRows = "SELECT * FROM c";

class LiveTable : public ::testing::Test {
 protected:
  LiveTable() {
    db.run("CREATE VIRTUAL TABLE c USING vkv(type=live); INSERT INTO c VALUES('a',1),('b',2)");
  }

  TemporaryDirectory directory;
  const std::string file = directory / "db";
  Database db{file};
};

TEST_F(LiveTable, KeepsItsRowsAndNothingElse) {
  db.run(
      "UPDATE c SET value = 3 WHERE key = 'a'; REPLACE INTO c VALUES('b',4),('c',NULL);"
      "UPDATE c SET key = 'd' WHERE key = 'b'; DELETE FROM c WHERE key = 'c'");
  EXPECT_EQ(db.rows(kRows), "a|3 d|4");
  EXPECT_EQ(db.rows("SELECT workspace, key, removed, value FROM c_staged"),
            "0|x'61'|0|3 0|x'64'|0|4");
  for (const char* empty : {"c_store", "c_workspace", "c_conflict"}) {
    EXPECT_EQ(db.rows(std::string("SELECT count(*) FROM ") + empty), "0") << empty;
  }
  EXPECT_EQ(Database(file).rows(kRows), "a|3 d|4");
}

TEST_F(LiveTable, IsEmptyAfterItsLastRow) {
  db.run("DELETE FROM c");
  EXPECT_EQ(db.rows(kRows), "");
  EXPECT_EQ(db.rows("SELECT vkv_check('c')"), "ok");
  db.run("BEGIN; INSERT INTO c VALUES('x',1); DELETE FROM c; INSERT INTO c VALUES('y',2); COMMIT");
  EXPECT_EQ(db.rows(kRows), "y|2");
}

TEST_F(LiveTable, IsPartOfTheTransaction) {
  db.run("BEGIN; INSERT INTO c VALUES('c',3); SAVEPOINT s; DELETE FROM c; ROLLBACK TO s");
  EXPECT_EQ(db.rows(kRows), "a|1 b|2 c|3");
  db.run("ROLLBACK");
  EXPECT_EQ(db.rows(kRows), "a|1 b|2");
  EXPECT_EQ(db.attempt("INSERT INTO c VALUES('x',1),('a',1)"),
            (Outcome{SQLITE_CONSTRAINT, "UNIQUE constraint failed: c.key"}));
  EXPECT_EQ(db.rows(kRows), "a|1 b|2");
}

// A cursor sees the rows as they were when it began.
TEST_F(LiveTable, DoesNotChaseItsOwnRows) {
  db.run("INSERT INTO c SELECT key || 'x', value FROM c");
  EXPECT_EQ(db.rows(kRows), "a|1 ax|1 b|2 bx|2");
  Query reading(db, kRows);
  EXPECT_EQ(reading.step(), "a|1");
  db.run("DELETE FROM c; INSERT INTO c VALUES('z',9)");
  EXPECT_EQ(reading.rest(), "ax|1 b|2 bx|2");
  EXPECT_EQ(db.rows(kRows), "z|9");
}

TEST_F(LiveTable, SeesWhatOthersWrite) {
  Database other(file);
  EXPECT_EQ(other.rows(kRows), "a|1 b|2");
  for (const std::string value : {"5", "6", "7"}) {
    db.run("UPDATE c SET value = " + value + " WHERE key = 'a'");
    EXPECT_EQ(other.rows(kRows), "a|" + value + " b|2");
    other.run("UPDATE c SET value = -" + value + " WHERE key = 'a'");
    EXPECT_EQ(db.rows(kRows), "a|-" + value + " b|2");
  }
}

TEST_F(LiveTable, IsRenamedDroppedAndCopied) {
  db.run("ALTER TABLE c RENAME TO d; INSERT INTO d VALUES('c',3)");
  EXPECT_EQ(db.rows("SELECT * FROM d"), "a|1 b|2 c|3");
  const std::string copy = directory / "copy";
  db.run("VACUUM; VACUUM INTO '" + copy + "'");
  EXPECT_EQ(Database(copy).rows("SELECT * FROM d"), "a|1 b|2 c|3");
  db.run("DROP TABLE d");
  EXPECT_EQ(db.rows("SELECT count(*) FROM sqlite_schema"), "0");
}

TEST_F(LiveTable, MayBeInAnySchema) {
  db.run("ATTACH ':memory:' AS mem");
  for (const std::string schema : {"mem", "temp"}) {
    db.run("CREATE VIRTUAL TABLE " + schema + ".t USING vkv(type=live); INSERT INTO " + schema +
           ".t VALUES('in','" + schema + "')");
    EXPECT_EQ(db.rows("SELECT value FROM " + schema + ".t"), schema);
    EXPECT_EQ(db.rows("SELECT vkv_cas('" + schema + ".t', 'in', 1, '" + schema + "')"), "1");
  }
  EXPECT_EQ(db.rows(kRows), "a|1 b|2");
}

TEST_F(LiveTable, RefusesFunctionsForVersions) {
  const char* const calls[] = {
      "vkv_commit('c','m')",
      "vkv_branch('c','dev')",
      "vkv_branch_delete('c','dev')",
      "vkv_reset('c')",
      "vkv_checkout('c','main')",
      "vkv_branch_rename('c','a','b')",
      "vkv_refresh('c')",
      "vkv_merge('c','main')",
      "vkv_merge('c','m','{\"dry_run\":true}')",
      "vkv_tag('c','v1')",
      "vkv_reset_to('c','main')",
      "vkv_workspace('c','w')",
      "vkv_tag_delete('c','v1')",
      "vkv_workspace('c', NULL)",
      "vkv_workspace_delete('c','w')",
      "vkv_gc('c')",
      "vkv_current_commit('c')",
      "vkv_base_commit('c')",
      "vkv_has_changes('c')",
      "vkv_current_branch('c')",
      "vkv_last_merge('c')",
      "vkv_hash('c')",
      "vkv_merge_base('c','a','b')",
      "vkv_rev_parse('c','HEAD')",
      "vkv_get('c','a','HEAD')",
  };
  for (const std::string call : calls) {
    const Outcome outcome = db.attempt("SELECT " + call);
    EXPECT_EQ(outcome.code, SQLITE_ERROR) << call;
    EXPECT_EQ(outcome.message, call.substr(0, call.find('(')) +
                                   ": table 'c' is a live table, which has no versions");
  }
  for (const std::string call :
       {"vkv_at('c','HEAD')", "vkv_log('c')", "vkv_diff('c','a','b')", "vkv_status('c')",
        "vkv_branches('c')", "vkv_tags('c')", "vkv_history('c','a')", "vkv_blame('c')",
        "vkv_workspaces('c')", "vkv_namespaces('c')"}) {
    const Outcome outcome = db.attempt("SELECT * FROM " + call);
    EXPECT_EQ(outcome.code, SQLITE_ERROR) << call;
    EXPECT_EQ(outcome.message, call.substr(0, call.find('(')) +
                                   ": table 'c' is a live table, which has no versions");
  }
  EXPECT_EQ(db.rows(kRows), "a|1 b|2");
}

// What stays when a virtual table's entry in the schema is lost, as .recover can do.
void forget_virtual_table(Database& db) {
  db.run(
      "PRAGMA writable_schema=1; DELETE FROM sqlite_schema WHERE name = 'c';"
      "PRAGMA writable_schema=RESET");
}

TEST_F(LiveTable, IsNotALiveStoreOfTheCoresOwn) {
  TemporaryDirectory directory;
  const std::string file = directory / "keys.db";
  Disk(file, Disk::kBusyTimeout, Disk::Content::keys).set_many({});
  Database other(file);
  for (const char* type : {"live", "versioned"}) {
    EXPECT_EQ(other.attempt(std::string("CREATE VIRTUAL TABLE vkv USING vkv(type=") + type + ")"),
              (Outcome{SQLITE_ERROR,
                       "\"main\".\"vkv_config\" says type keys: a C++ program's live"
                       " store, which is no table"}));
  }
}

TEST_F(LiveTable, IsAdoptedAsWhatItIs) {
  forget_virtual_table(db);
  for (const char* other : {"", "(type=versioned)", "(branch=dev)"}) {
    EXPECT_EQ(
        db.attempt(std::string("CREATE VIRTUAL TABLE c USING vkv") + other),
        (Outcome{SQLITE_ERROR, "the tables 'c_store' and so on exist already, of type live"}));
  }
  db.run("CREATE VIRTUAL TABLE c USING vkv(type=live)");
  EXPECT_EQ(db.rows(kRows), "a|1 b|2");
  db.run("DROP TABLE c; CREATE VIRTUAL TABLE c USING vkv(type=versioned)");
  forget_virtual_table(db);
  EXPECT_EQ(
      db.attempt("CREATE VIRTUAL TABLE c USING vkv(type=live)"),
      (Outcome{SQLITE_ERROR, "the tables 'c_store' and so on exist already, of type versioned"}));
}

TEST_F(LiveTable, IsChecked) {
  EXPECT_EQ(db.rows("SELECT vkv_check('c')"), "ok");
  const struct {
    const char* damage;
    const char* message;
  } cases[] = {
      {"UPDATE c_staged SET removed = 1, value = NULL WHERE key = x'61'", "a row of a live table"},
      {"UPDATE c_staged SET workspace = 1 WHERE key = x'61'", "a row of a live table"},
      {"INSERT INTO c_staged VALUES(0, zeroblob(9000), 0, 1)", "is too long"},
      {"INSERT INTO c_store(key, value) VALUES('x', 'y')", "a live table has versions"},
      {"INSERT INTO c_workspace(branch, base) VALUES('b', '')", "a live table has versions"},
      {"UPDATE c_config SET value = 'odd' WHERE name = 'type'", "no usable setting 'type'"},
  };
  for (const auto& c : cases) {
    const std::string copy = directory / std::to_string(&c - cases).c_str();
    db.run("VACUUM INTO '" + copy + "'");
    Database damaged(copy);
    damaged.run(c.damage);
    const Outcome outcome = damaged.attempt("SELECT vkv_check('c')");
    EXPECT_EQ(outcome.code, SQLITE_CORRUPT_VTAB) << c.damage;
    EXPECT_THAT(outcome.message, HasSubstr(c.message));
  }
}

TEST_F(LiveTable, IsNoStoreOfVersions) {
  db.run("ALTER TABLE c RENAME TO vkv");
  EXPECT_THROW(Disk{file}, Unsupported);
  EXPECT_EQ(db.rows("SELECT * FROM vkv"), "a|1 b|2");
}

}  // namespace
}  // namespace vkv::ext
