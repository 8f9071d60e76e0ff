// Several connections, schemas and settings.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "ext/vkv.h"
#include "tests/ext/database.h"
#include "tests/kv/temporary_directory.h"

namespace vkv::ext {
namespace {

using testing::Database;
using testing::Outcome;
using testing::Query;

const std::string kRows = "SELECT * FROM kv";

class TableConnection : public ::testing::TestWithParam<const char*> {
 protected:
  TableConnection() {
    Database db(file);
    db.run(std::string("PRAGMA journal_mode=") + GetParam() +
           "; CREATE VIRTUAL TABLE kv USING vkv;"
           "INSERT INTO kv VALUES('a',1),('b',2)");
    db.commit();
  }

  TemporaryDirectory directory;
  const std::string file = directory / "db";
};

INSTANTIATE_TEST_SUITE_P(JournalModes, TableConnection, ::testing::Values("WAL", "DELETE"));

TEST_P(TableConnection, SeesWhatOthersCommitted) {
  Database one(file);
  Database two(file);
  Query read(two, kRows);
  const auto seen = [&] {
    std::string rows = read.rest();
    read.reset();
    return rows;
  };
  EXPECT_EQ(seen(), "a|1 b|2");
  one.run("INSERT INTO kv VALUES('c',3)");
  EXPECT_EQ(seen(), "a|1 b|2 c|3");
  one.commit();
  EXPECT_EQ(seen(), "a|1 b|2 c|3");
  one.run("BEGIN; INSERT INTO kv VALUES('d',4)");
  EXPECT_EQ(seen(), "a|1 b|2 c|3");
  one.run("ROLLBACK; UPDATE kv SET value = 9; ");
  EXPECT_EQ(seen(), "a|9 b|9 c|9");
  two.run("DELETE FROM kv WHERE key = 'a'");
  EXPECT_EQ(one.rows(kRows), "b|9 c|9");
  two.commit();
  EXPECT_EQ(one.rows(kRows), "b|9 c|9");
  one.run("INSERT INTO kv VALUES('a',7)");
  EXPECT_EQ(seen(), "a|7 b|9 c|9");
}

// What one remembers from its own writes never hides what the other wrote.
TEST_P(TableConnection, AgreesWithTheOtherWhoeverWrites) {
  Database connections[2] = {Database(file), Database(file)};
  std::map<std::string, std::string> model{{"a", "1"}, {"b", "2"}};
  std::mt19937 random(1);
  for (int step = 0; step < 400; ++step) {
    Database& db = connections[random() % 2];
    const std::string key(1, static_cast<char>('a' + random() % 5));
    switch (random() % 4) {
      case 0:
        db.commit();
        break;
      case 1:
        db.run("DELETE FROM kv WHERE key = '" + key + "'");
        model.erase(key);
        break;
      default:
        db.run("REPLACE INTO kv VALUES('" + key + "'," + std::to_string(step) + ")");
        model[key] = std::to_string(step);
    }
    std::string expected;
    for (const auto& [k, v] : model) expected += (expected.empty() ? "" : " ") + k + "|" + v;
    ASSERT_EQ(connections[random() % 2].rows(kRows), expected) << step;
  }
}

TEST_P(TableConnection, AnswersBusy) {
  Database one(file);
  Database two(file);
  one.run("BEGIN IMMEDIATE; INSERT INTO kv VALUES('c',3)");
  EXPECT_EQ(two.attempt("INSERT INTO kv VALUES('d',4)").code, SQLITE_BUSY);
  EXPECT_EQ(two.rows(kRows), "a|1 b|2");
  one.run("COMMIT");
  two.run("INSERT INTO kv VALUES('d',4)");
  EXPECT_EQ(one.rows(kRows), "a|1 b|2 c|3 d|4");
}

TEST_P(TableConnection, FollowsDdlOfOthers) {
  Database one(file);
  Database two(file);
  EXPECT_EQ(two.rows(kRows), "a|1 b|2");
  one.run("ALTER TABLE kv RENAME TO w");
  EXPECT_EQ(two.rows("SELECT * FROM w"), "a|1 b|2");
  EXPECT_EQ(two.attempt(kRows).message, "no such table: kv");
  two.run("DROP TABLE w; CREATE VIRTUAL TABLE w USING vkv; INSERT INTO w VALUES('new',1)");
  EXPECT_EQ(one.rows("SELECT * FROM w"), "new|1");
}

// A statement that waits keeps the one that is gone open.
TEST_P(TableConnection, CommitsToTheTableThatAnotherMadeAnew) {
  Database one(file);
  Database two(file);
  const Query waiting(two, kRows);
  two.run("BEGIN; UPDATE kv SET value = 5");
  two.commit();
  two.run("COMMIT");
  one.run("DROP TABLE kv; CREATE VIRTUAL TABLE kv USING vkv; INSERT INTO kv VALUES('new',1)");
  one.commit();
  two.run("BEGIN; UPDATE kv SET value = 2");
  two.commit();
  two.run("COMMIT");
  EXPECT_EQ(one.rows(kRows), "new|2");
  EXPECT_EQ(one.rows("SELECT vkv_has_changes('kv'), vkv_check('kv')"), "0|ok");
}

TEST_P(TableConnection, ReadsAReadOnlyFile) {
  {
    Database db(file);
    db.run("INSERT INTO kv VALUES('c',3); PRAGMA wal_checkpoint(TRUNCATE)");
  }
  for (const std::string uri : {"?mode=ro", "?immutable=1"}) {
    Database db("file:" + file + uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
    EXPECT_EQ(db.rows(kRows), "a|1 b|2 c|3");
    for (const char* sql : {"INSERT INTO kv VALUES('d',4)", "UPDATE kv SET value = 1",
                            "DELETE FROM kv WHERE key = 'a'", "DROP TABLE kv"}) {
      EXPECT_EQ(db.attempt(sql).code & 0xff, SQLITE_READONLY) << uri << sql;
    }
  }
}

TEST_P(TableConnection, MovesOnAReadOnlyFile) {
  {
    Database db(file);
    db.run("INSERT INTO kv VALUES('c',3)");
    db.commit();
    db.run("SELECT vkv_branch('kv', 'old', 'HEAD~1'); PRAGMA wal_checkpoint(TRUNCATE)");
  }
  for (const std::string uri : {"?mode=ro", "?immutable=1"}) {
    Database db("file:" + file + uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
    db.run("SELECT vkv_checkout('kv', 'old')");
    EXPECT_EQ(db.rows(kRows), "a|1 b|2");
    db.run("SELECT vkv_checkout('kv', 'main~1')");
    EXPECT_EQ(db.rows(kRows), "a|1 b|2");
    db.run("SELECT vkv_checkout('kv', 'main')");
    EXPECT_EQ(db.rows(kRows), "a|1 b|2 c|3");
    EXPECT_EQ(db.rows("SELECT vkv_check('kv')"), "ok");
    for (const std::string call :
         {"vkv_commit('kv', 'x', '{\"allow_empty\":true}')", "vkv_branch('kv', 'new')",
          "vkv_merge('kv', 'old', '{\"no_ff\":true}')", "vkv_tag('kv', 'v1')", "vkv_reset('kv')",
          "vkv_reset_to('kv', 'old')", "vkv_workspace('kv', 'mine')", "vkv_gc('kv')"}) {
      EXPECT_EQ(db.attempt("SELECT " + call).code & 0xff, SQLITE_READONLY) << uri << call;
    }
  }
}

TEST_P(TableConnection, IsBackedUpWhole) {
  Database db(file);
  Database copy(":memory:");
  db.run("UPDATE kv SET value = 9 WHERE key = 'b'");
  sqlite3_backup* backup = sqlite3_backup_init(copy.get(), "main", db.get(), "main");
  ASSERT_NE(backup, nullptr);
  EXPECT_EQ(sqlite3_backup_step(backup, -1), SQLITE_DONE);
  EXPECT_EQ(sqlite3_backup_finish(backup), SQLITE_OK);
  EXPECT_EQ(copy.rows(kRows), "a|1 b|9");
  EXPECT_EQ(copy.rows("SELECT key, kind FROM vkv_status('kv')"), "b|modified");
  copy.commit();
  EXPECT_EQ(copy.rows("SELECT vkv_check('kv')"), "ok");
}

TEST_P(TableConnection, KeepsItsSnapshot) {
  if (GetParam() != std::string("WAL")) GTEST_SKIP() << "a writer would wait for the reader";
  Database one(file);
  Database two(file);
  two.run("BEGIN");
  EXPECT_EQ(two.rows(kRows), "a|1 b|2");
  one.run("INSERT INTO kv VALUES('c',3)");
  one.commit();
  EXPECT_EQ(two.rows(kRows), "a|1 b|2");
  EXPECT_EQ(two.attempt("INSERT INTO kv VALUES('d',4)").code, SQLITE_BUSY_SNAPSHOT);
  two.run("COMMIT");
  EXPECT_EQ(two.rows(kRows), "a|1 b|2 c|3");
}

TEST(TableSchemas, AreToldApart) {
  TemporaryDirectory directory;
  Database db(directory / "main");
  db.run("ATTACH '" + (directory / "other").string() +
         "' AS other; ATTACH ':memory:' AS \"my mem\"");
  for (const std::string schema : {"main", "temp", "other", "\"my mem\""}) {
    db.run("CREATE VIRTUAL TABLE " + schema + ".kv USING vkv; INSERT INTO " + schema +
           ".kv VALUES('in', '" + schema + "')");
  }
  for (const std::string schema : {"main", "temp", "other", "\"my mem\""}) {
    EXPECT_EQ(db.rows("SELECT value FROM " + schema + ".kv"), schema);
    db.commit(schema + ".kv");
    EXPECT_EQ(db.rows("SELECT value FROM " + schema + ".kv"), schema);
  }
  EXPECT_EQ(db.rows("SELECT value FROM kv"), "temp");
  db.run("BEGIN; UPDATE main.kv SET value = 1; UPDATE other.kv SET value = 2; ROLLBACK");
  EXPECT_EQ(db.rows("SELECT a.value, b.value FROM main.kv a, other.kv b"), "main|other");
  db.run("DROP TABLE temp.kv; DETACH other");
  EXPECT_EQ(db.rows("SELECT value FROM kv"), "main");
}

TEST(TableSchemas, SeveralTablesInOne) {
  Database db;
  db.run(
      "CREATE VIRTUAL TABLE kv USING vkv; CREATE VIRTUAL TABLE kv2 USING vkv;"
      "INSERT INTO kv VALUES('a',1); INSERT INTO kv2 SELECT key, value+1 FROM kv");
  db.commit("kv2");
  db.run("DROP TABLE kv");
  EXPECT_EQ(db.rows("SELECT * FROM kv2"), "a|2");
}

// Keys are compared as UTF-8, whatever the database's encoding.
TEST(TableSettings, Utf16) {
  for (const std::string encoding : {"UTF-16le", "UTF-16be"}) {
    Database db;
    db.run("PRAGMA encoding='" + encoding +
           "'; CREATE VIRTUAL TABLE kv USING vkv;"
           "INSERT INTO kv VALUES('a','ä'),('ä€😀','😀'),('Ā','x'),('z',5)");
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(db.rows("SELECT * FROM kv ORDER BY key"), "a|ä z|5 ä€😀|😀 Ā|x");
      EXPECT_EQ(db.rows("SELECT value FROM kv WHERE key = 'ä€😀'"), "😀");
      EXPECT_EQ(db.rows("SELECT key FROM kv WHERE key >= 'ä' ORDER BY key DESC"), "Ā ä€😀");
      db.commit();
    }
  }
}

TEST(TableSettings, QueryOnly) {
  Database db;
  db.run("CREATE VIRTUAL TABLE kv USING vkv; INSERT INTO kv VALUES('a',1); PRAGMA query_only=1");
  EXPECT_EQ(db.rows(kRows), "a|1");
  EXPECT_EQ(db.attempt("INSERT INTO kv VALUES('b',2)").code, SQLITE_READONLY);
  db.run("PRAGMA query_only=0; INSERT INTO kv VALUES('b',2)");
  EXPECT_EQ(db.rows(kRows), "a|1 b|2");
}

TEST(TableSettings, Defensive) {
  Database db;
  sqlite3_db_config(db.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  db.run("CREATE VIRTUAL TABLE kv USING vkv; INSERT INTO kv VALUES('a',1),('b',2)");
  EXPECT_EQ(db.attempt("DELETE FROM kv_staged").message, "table kv_staged may not be modified");
  EXPECT_EQ(db.attempt("DROP TABLE kv_store").message, "table kv_store may not be dropped");
  db.commit();
  db.run(
      "SAVEPOINT s; UPDATE kv SET key = key||'x'; ROLLBACK TO s; DELETE FROM kv WHERE key = 'a';"
      "RELEASE s; ALTER TABLE kv RENAME TO w; INSERT INTO w VALUES('c',3)");
  EXPECT_EQ(db.rows("SELECT * FROM w"), "b|2 c|3");
  db.run("VACUUM; DROP TABLE w");
  EXPECT_EQ(db.rows("SELECT count(*) FROM sqlite_schema"), "0");
}

TEST(TableSettings, UntrustedSchema) {
  Database db;
  db.run(
      "PRAGMA trusted_schema=OFF; CREATE VIRTUAL TABLE kv USING vkv; CREATE TABLE log(x);"
      "CREATE VIEW v AS SELECT * FROM kv;"
      "CREATE TRIGGER t AFTER INSERT ON log BEGIN INSERT INTO kv VALUES(NEW.x, 1); END;"
      "INSERT INTO log VALUES('a')");
  EXPECT_EQ(db.rows("SELECT * FROM v"), "a|1");
}

TEST(TableRegistration, TwiceIsHarmless) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(":memory:", &db), SQLITE_OK);
  EXPECT_EQ(vkv_register(db), SQLITE_OK);
  sqlite3_exec(db, "CREATE VIRTUAL TABLE kv USING vkv; INSERT INTO kv VALUES('a',1)", nullptr,
               nullptr, nullptr);
  sqlite3_stmt* open = nullptr;
  sqlite3_prepare_v2(db, "SELECT key FROM kv", -1, &open, nullptr);
  EXPECT_EQ(sqlite3_step(open), SQLITE_ROW);
  EXPECT_EQ(vkv_register(db), SQLITE_OK);
  EXPECT_EQ(sqlite3_step(open), SQLITE_DONE);
  sqlite3_finalize(open);
  EXPECT_EQ(sqlite3_close(db), SQLITE_OK);
}

// Some clients finalise every statement they find before they close.
TEST(TableRegistration, SurvivesAClientThatFinalisesEverything) {
  Database db;
  db.run("CREATE VIRTUAL TABLE kv USING vkv; INSERT INTO kv VALUES('a',1)");
  db.commit();
  db.run("INSERT INTO kv VALUES('b',2)");
  EXPECT_EQ(db.rows(kRows), "a|1 b|2");
  while (sqlite3_stmt* statement = sqlite3_next_stmt(db.get(), nullptr)) {
    sqlite3_finalize(statement);
  }
}

}  // namespace
}  // namespace vkv::ext
