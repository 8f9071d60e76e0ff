// Eviction where a script cannot go: what is written when, several connections, and the C++ side of
// one file. What SQL answers is in tests/sql/eviction.sql.
#include "ext/table_eviction.h"

#include <gtest/gtest.h>

#include "core/kv/disk.h"
#include "core/store/gc_versioned.h"
#include "tests/ext/database.h"
#include "tests/kv/temporary_directory.h"

namespace vkv::ext {
namespace {

using testing::Database;

constexpr const char* kCreate =
    "CREATE VIRTUAL TABLE vkv USING vkv(high_water_bytes=100, low_water_bytes=70)";
constexpr const char* kCommit = "SELECT vkv_commit('vkv','m','{\"time\":null}')";
constexpr const char* kKeys = "SELECT key FROM vkv";

// All that the shadow tables hold, but for the order in which the store's rows were written.
std::string content(Database& db) {
  return db.rows("SELECT hex(key), hex(value) FROM vkv_store ORDER BY key") + " / " +
         db.rows("SELECT id, name, branch, hex(base) FROM vkv_workspace ORDER BY id") + " / " +
         db.rows("SELECT workspace, hex(key), removed, value FROM vkv_staged") + " / " +
         db.rows("SELECT name, value FROM vkv_config");
}

// Three keys of 30 bytes, a the coldest.
void fill(Database& db) {
  for (const char* key : {"a", "b", "c"}) {
    db.run("INSERT INTO vkv VALUES('" + std::string(key) + "', zeroblob(30))");
    db.run(kCommit);
  }
}

// One more, which is too many.
void overflow(Database& db) {
  db.run("INSERT INTO vkv VALUES('d', zeroblob(30))");
  db.run(kCommit);
}

class TableEviction : public ::testing::Test {
 protected:
  TemporaryDirectory directory;
  const std::string file = directory / "file.db";
};

TEST_F(TableEviction, DropsTheColdestKeys) {
  Database db(file);
  db.run(kCreate);
  fill(db);
  overflow(db);
  EXPECT_EQ(db.rows(kKeys), "c d");
}

TEST_F(TableEviction, RemembersReadsOverReopening) {
  {
    Database db(file);
    db.run(kCreate);
    fill(db);
    db.rows("SELECT value FROM vkv WHERE key = 'a'");
    db.run("INSERT INTO vkv VALUES('small', 1)");
    db.run(kCommit);
  }
  Database db(file);
  overflow(db);
  EXPECT_EQ(db.rows(kKeys), "a d small");
}

// Undone with the commit that recorded them, reads are recorded with the next.
TEST_F(TableEviction, RemembersReadsOverARollback) {
  for (const std::string undone :
       {"BEGIN; INSERT INTO vkv VALUES('x', 1); SELECT vkv_commit('vkv', 'x'); ROLLBACK",
        "BEGIN; SELECT vkv_rebase('vkv'); ROLLBACK",
        "BEGIN; SAVEPOINT s; INSERT INTO vkv VALUES('x', 1); SELECT vkv_commit('vkv', 'x');"
        " ROLLBACK TO s; COMMIT"}) {
    Database db(":memory:");
    db.run(kCreate);
    fill(db);
    db.run("SELECT value FROM vkv WHERE key = 'a'");
    db.run(undone);
    overflow(db);
    EXPECT_EQ(db.rows(kKeys), "a d") << undone;
  }
}

TEST_F(TableEviction, ReadsWriteNothing) {
  Database db(file);
  db.run(kCreate);
  fill(db);
  const std::string before = content(db);
  const std::string changes = db.rows("SELECT total_changes()");
  for (const char* sql :
       {"SELECT value FROM vkv WHERE key = 'a'", "SELECT value FROM vkv WHERE key IN ('a', 'b')",
        "SELECT vkv_get('vkv', 'a')"}) {
    db.rows(sql);
    EXPECT_EQ(db.rows("SELECT total_changes()"), changes) << sql;
    EXPECT_EQ(content(db), before) << sql;
  }
}

TEST_F(TableEviction, ReadsNeedNoLock) {
  Database db(file);
  db.run(kCreate);
  fill(db);
  Database other(file);
  db.run("BEGIN IMMEDIATE");
  EXPECT_EQ(other.rows("SELECT key FROM vkv WHERE key = 'a'"), "a");
  db.run("COMMIT");
  Database reader("file:" + file + "?mode=ro", SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
  EXPECT_EQ(reader.rows("SELECT key FROM vkv WHERE key IN ('a','b')"), "a b");
  EXPECT_EQ(reader.rows("SELECT length(vkv_get('vkv','a'))"), "30");
  EXPECT_EQ(reader.attempt("SELECT vkv_rebase('vkv')").code & 0xff, SQLITE_READONLY);
}

// Touches are no part of a hash: a table that was read is equal to one that was not.
TEST_F(TableEviction, TouchesLeaveHashesAlone) {
  Database read;
  Database unread;
  Database without;
  read.run(kCreate);
  unread.run(kCreate);
  without.run("CREATE VIRTUAL TABLE vkv USING vkv");
  std::string hash[3];
  std::string commit[3];
  Database* all[] = {&read, &unread, &without};
  for (std::size_t i = 0; i < 3; ++i) {
    fill(*all[i]);
    if (i == 0) read.rows("SELECT value FROM vkv WHERE key = 'a'");
    all[i]->run("INSERT INTO vkv VALUES('e', 1)");
    commit[i] = all[i]->rows(kCommit);
    hash[i] = all[i]->rows("SELECT vkv_hash('vkv')");
  }
  EXPECT_EQ(hash[0], hash[1]);
  EXPECT_EQ(hash[0], hash[2]);
  EXPECT_EQ(commit[0], commit[1]);
  EXPECT_EQ(commit[0], commit[2]);
  EXPECT_EQ(without.rows("SELECT count(*) FROM vkv_store WHERE CAST(key AS TEXT) LIKE 'touch%'"),
            "0");
}

TEST_F(TableEviction, RolledBackLeavesNothing) {
  Database db(file);
  db.run(kCreate);
  fill(db);
  db.run("SELECT vkv_workspace('vkv','w'); UPDATE vkv SET value = 1 WHERE key < 'b'");
  db.run("DELETE FROM vkv WHERE key > 'a' AND key < 'c'; SELECT vkv_workspace('vkv',NULL)");
  const std::string before = content(db);
  for (const char* const sql : {"BEGIN", "SAVEPOINT s"}) {
    db.run(sql);
    overflow(db);
    EXPECT_EQ(db.rows(kKeys), "c d");
    EXPECT_NE(content(db), before);
    db.run(std::string(sql) == "BEGIN" ? "ROLLBACK" : "ROLLBACK TO s; RELEASE s");
    EXPECT_EQ(content(db), before) << sql;
    EXPECT_EQ(db.rows(kKeys), "a b c");
  }
  overflow(db);
  EXPECT_EQ(db.rows(kKeys), "c d");
  EXPECT_EQ(db.rows("SELECT vkv_check('vkv')"), "ok");
}

TEST_F(TableEviction, InterruptedLeavesNothing) {
  Database db(file);
  db.run(kCreate);
  fill(db);
  db.run("INSERT INTO vkv VALUES('d', zeroblob(30))");
  const std::string before = content(db);
  static int countdown;
  int interrupted = 0;
  for (int step = 1;; step += 1 + step / 8) {
    countdown = step;
    sqlite3_progress_handler(
        db.get(), 1, [](void*) { return --countdown == 0 ? 1 : 0; }, nullptr);
    const auto outcome = db.attempt(kCommit);
    sqlite3_progress_handler(db.get(), 0, nullptr, nullptr);
    if (outcome.code == SQLITE_OK) break;
    EXPECT_EQ(outcome.code, SQLITE_INTERRUPT) << step << outcome.message;
    EXPECT_EQ(content(db), before) << step;
    ++interrupted;
  }
  EXPECT_GT(interrupted, 10);
  EXPECT_EQ(db.rows(kKeys), "c d");
}

TEST_F(TableEviction, OthersSeeTheFreshRootAndTheirSharedChanges) {
  Database db(file);
  db.run(kCreate);
  fill(db);
  Database other(file);
  EXPECT_EQ(other.rows(kKeys), "a b c");
  db.run("SELECT vkv_workspace('vkv','w'); INSERT INTO vkv VALUES('d', zeroblob(30))");
  other.run("UPDATE vkv SET value = 'mine' WHERE key = 'a'; DELETE FROM vkv WHERE key = 'b'");
  db.run(kCommit);
  EXPECT_EQ(other.rows("SELECT key FROM vkv"), "a c d");
  EXPECT_EQ(other.rows("SELECT key, kind FROM vkv_status('vkv')"), "a|added");
  other.run(kCommit);
  EXPECT_EQ(other.rows("SELECT vkv_check('vkv')"), "ok");
}

// A version that another connection has checked out and not written to is not there to be moved.
TEST_F(TableEviction, AVersionCheckedOutSaysThatTheBranchWasRebased) {
  Database db(file);
  db.run(kCreate);
  fill(db);
  Database other(file);
  other.run("SELECT vkv_checkout('vkv','main~1')");
  overflow(db);
  EXPECT_EQ(other.rows(kKeys), "a b");
  other.run("INSERT INTO vkv VALUES('x', 1)");
  EXPECT_EQ(other.attempt(kCommit),
            (testing::Outcome{SQLITE_ERROR, "vkv_commit: branch was rebased; vkv_refresh"}));
  const std::string abandon = "'{\"on_conflict\":\"abandon\"}')";
  EXPECT_EQ(other.rows("SELECT vkv_commit('vkv','m'," + abandon), "NULL");
  EXPECT_EQ(other.rows("SELECT vkv_last_merge('vkv')"),
            R"({"merged":false,"commit":null,"strategy":"three_way","auto_merged_keys":[],)"
            R"("carried":0,"conflicts":[]})");
  other.run("SELECT vkv_branch('vkv','mine'), vkv_reset('vkv')");
  for (const char* options : {"{}", R"({"dry_run":true})"}) {
    EXPECT_EQ(other.attempt("SELECT vkv_merge('vkv','mine','" + std::string(options) + "')"),
              (testing::Outcome{SQLITE_ERROR, "vkv_merge: branch was rebased; vkv_refresh"}));
  }
  EXPECT_EQ(other.rows("SELECT vkv_merge('vkv','mine','{\"on_conflict\":\"abandon\","
                       "\"dry_run\":true}') ->> 'merged'"),
            "0");
  EXPECT_EQ(other.rows("SELECT vkv_merge('vkv','mine'," + abandon), "NULL");
  other.run("SELECT vkv_refresh('vkv')");
  EXPECT_EQ(other.rows(kKeys), "c d");
}

TEST_F(TableEviction, DamagedSettingsAreSaid) {
  Database(file).run(kCreate);
  for (const char* damage : {"UPDATE vkv_config SET value = 200 WHERE name = 'low_water_bytes'",
                             "DELETE FROM vkv_config WHERE name = 'low_water_bytes'",
                             "UPDATE vkv_config SET value = 'x' WHERE name = 'high_water_bytes'"}) {
    Database damaged(file);
    damaged.run("BEGIN");
    damaged.run(damage);
    EXPECT_EQ(damaged.attempt(kKeys).code, SQLITE_CORRUPT_VTAB) << damage;
    damaged.run("ROLLBACK");
  }
}

GCVersionedOptions budget() { return {.high_water_bytes = 100, .low_water_bytes = 70}; }

void commit(GCVersioned& store, const char* key, std::size_t size) {
  store.commit({{key, Bytes(size, 'x')}}, {});
}

// One file, in turn by GCVersioned and by SQL: each goes by what the other has touched.
TEST_F(TableEviction, OfAFileOfTheDiskStore) {
  {
    GCVersioned store(std::make_shared<Disk>(file), budget());
    for (const char* key : {"a", "b", "c"}) commit(store, key, 30);
    store.get("a");
    commit(store, "small", 1);
  }
  {
    Database db(file);
    db.run(kCreate);
    EXPECT_EQ(db.rows(kKeys), "a b c small");
    overflow(db);
    EXPECT_EQ(db.rows(kKeys), "a d small");
    db.rows("SELECT value FROM vkv WHERE key = 'a'");
    db.run("UPDATE vkv SET value = 2 WHERE key = 'small'");
    db.run(kCommit);
  }
  {
    GCVersioned store(std::make_shared<Disk>(file), budget());
    commit(store, "e", 40);
    EXPECT_EQ(store.keys(), (std::vector<std::string>{"e", "small"}));
  }
  Database db(file);
  EXPECT_EQ(db.rows(kKeys), "e small");
  EXPECT_EQ(db.rows("SELECT vkv_check('vkv')"), "ok");
}

TEST_F(TableEviction, TakesOtherSettingsWithTheTablesItAdopts) {
  Database db(file);
  db.run(kCreate);
  fill(db);
  db.run("PRAGMA writable_schema = 1; DELETE FROM sqlite_schema WHERE name = 'vkv'");
  db.run("PRAGMA writable_schema = RESET");
  const char* const settings =
      "SELECT value FROM vkv_config WHERE name LIKE '%water%' ORDER BY name";
  db.run("CREATE VIRTUAL TABLE vkv USING vkv");
  EXPECT_EQ(db.rows(settings), "100 70");
  db.run("PRAGMA writable_schema = 1; DELETE FROM sqlite_schema WHERE name = 'vkv'");
  db.run("PRAGMA writable_schema = RESET");
  db.run("CREATE VIRTUAL TABLE vkv USING vkv(high_water_bytes=1000)");
  EXPECT_EQ(db.rows(settings), "1000 800");
  overflow(db);
  EXPECT_EQ(db.rows(kKeys), "a b c d");
}

}  // namespace
}  // namespace vkv::ext
