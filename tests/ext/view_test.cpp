// Views of a table's store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "tests/ext/database.h"
#include "tests/kv/temporary_directory.h"

namespace vkv::ext {
namespace {

using testing::Database;
using ::testing::HasSubstr;
using testing::Outcome;
using testing::Query;
using ::testing::StartsWith;

class View : public ::testing::Test {
 protected:
  View() {
    db.run(
        "CREATE VIRTUAL TABLE kv USING vkv;"
        "INSERT INTO kv VALUES('a',1),('n/a',2),('n/b',3),('z',4)");
    db.commit();
    db.run("SELECT vkv_branch('kv','dev'); SELECT vkv_tag('kv','v1')");
    db.run(
        "CREATE VIRTUAL TABLE n USING vkv(store=kv, namespace=n);"
        "CREATE VIRTUAL TABLE m USING vkv(store=kv, branch=main);"
        "CREATE VIRTUAL TABLE dev USING vkv(store=kv, branch=dev);"
        "CREATE VIRTUAL TABLE temp.v1 USING vkv(store=kv, ref=v1)");
  }

  std::string rows(const std::string& table) { return db.rows("SELECT * FROM " + table); }

  TemporaryDirectory directory;
  const std::string file = directory / "db";
  Database db{file};
};

// Random writes and queries agree with what the store has below the prefix.
TEST_F(View, OfANamespaceAnswersAsItsStoreDoes) {
  std::mt19937 random(1);
  const char* const keys[] = {"", "a", "b", "b/c", "b0", "c", "n/a", "\xc3\xa4", "z"};
  const auto any_key = [&] { return "'" + std::string(keys[random() % std::size(keys)]) + "'"; };
  const std::string below =
      " FROM (SELECT substr(key, 3) AS key, value FROM kv "
      "WHERE key >= 'n/' AND key < 'n0')";
  for (int step = 0; step < 300; ++step) {
    const std::string value = std::to_string(step);
    const std::string writes[] = {
        "REPLACE INTO n VALUES(" + any_key() + "," + value + ")",
        "DELETE FROM n WHERE key = " + any_key(),
        "UPDATE OR REPLACE n SET key = " + any_key() + " WHERE key = " + any_key(),
        "REPLACE INTO kv VALUES('n/' || " + any_key() + "," + value + ")",
        "REPLACE INTO kv VALUES('n' || " + any_key() + "," + value + ")",
        "SELECT vkv_commit('n', 'm')",
    };
    db.run(writes[random() % std::size(writes)]);
    const std::string wheres[] = {
        "",
        " WHERE key = " + any_key(),
        " WHERE key > " + any_key(),
        " WHERE key BETWEEN " + any_key() + " AND " + any_key(),
        " WHERE key IN (" + any_key() + "," + any_key() + "," + any_key() + ")",
        " WHERE key GLOB 'b*'",
        " WHERE key LIKE 'B%' AND key <= " + any_key(),
    };
    const std::string where = wheres[random() % std::size(wheres)];
    for (const std::string order : {" ORDER BY key", " ORDER BY key DESC"}) {
      ASSERT_EQ(db.rows("SELECT key, value FROM n" + where + order),
                db.rows("SELECT key, value" + below + where + order))
          << step << where << order;
    }
  }
}

TEST_F(View, DoesNotChaseTheRowsItInserts) {
  db.run("INSERT INTO n SELECT key || 'x', value FROM kv");
  EXPECT_EQ(rows("n"), "a|2 ax|1 b|3 n/ax|2 n/bx|3 zx|4");
  db.run(
      "SELECT vkv_reset('kv'); INSERT INTO m VALUES('b',5);"
      "INSERT INTO m SELECT key || 'x', value FROM kv");
  EXPECT_EQ(rows("kv"), "a|1 ax|1 b|5 bx|5 n/a|2 n/ax|2 n/b|3 n/bx|3 z|4 zx|4");
  EXPECT_EQ(rows("m"), rows("kv"));
  db.run("DELETE FROM kv WHERE key IN (SELECT key FROM m)");
  EXPECT_EQ(rows("m"), "");
}

TEST_F(View, KeepsACursorWhereItBegan) {
  db.run("INSERT INTO kv VALUES('b',9)");
  for (const char* table : {"kv", "m"}) {
    SCOPED_TRACE(table);
    db.run("BEGIN");
    Query reading(db, std::string("SELECT * FROM ") + table);
    EXPECT_EQ(reading.step(), "a|1");
    db.run("DELETE FROM kv WHERE key = 'b'; INSERT INTO m VALUES('c',1); DELETE FROM n");
    EXPECT_EQ(reading.rest(), "b|9 n/a|2 n/b|3 z|4");
    reading.reset();
    EXPECT_EQ(rows(table), "a|1 c|1 z|4");
    db.run("ROLLBACK");
  }
}

// While a statement runs SQLite has not counted the rows it wrote: they must not be taken for as
// many that were written through a view.
TEST_F(View, SeesWhatIsWrittenBesideItInOneStatement) {
  for (int before = 1; before < 5; ++before) {
    db.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= " +
           std::to_string(before) +
           ") INSERT INTO kv SELECT 'k' || i, CASE WHEN i <= " + std::to_string(before) +
           " THEN i ELSE vkv_cas('m', 'beside', 'it', NULL) || vkv_get('kv', 'beside') END FROM n");
    EXPECT_EQ(db.rows("SELECT value FROM kv WHERE key = 'k" + std::to_string(before + 1) + "'"),
              "1it");
    db.run("SELECT vkv_reset('m')");
  }
}

TEST_F(View, OfABranchAgreesWithItsStoreWhoeverWrites) {
  std::map<std::string, std::string> model{{"a", "1"}, {"n/a", "2"}, {"n/b", "3"}, {"z", "4"}};
  std::mt19937 random(7);
  const auto expected = [&] {
    std::string text;
    for (const auto& [key, value] : model) text += (text.empty() ? "" : " ") + key + "|" + value;
    return text;
  };
  for (int step = 0; step < 300; ++step) {
    const std::string table = random() % 2 == 0 ? "kv" : "m";
    const std::string key(1, static_cast<char>('a' + random() % 4));
    switch (random() % 5) {
      case 0:
        db.run("SELECT vkv_commit('" + table + "', 'm')");
        break;
      case 1:
        db.run("DELETE FROM " + table + " WHERE key = '" + key + "'");
        model.erase(key);
        break;
      case 2:
        db.run("BEGIN; DELETE FROM " + table + "; ROLLBACK");
        break;
      default:
        db.run("REPLACE INTO " + table + " VALUES('" + key + "'," + std::to_string(step) + ")");
        model[key] = std::to_string(step);
    }
    ASSERT_EQ(rows(random() % 2 == 0 ? "kv" : "m"), expected()) << step;
  }
}

TEST_F(View, IsPartOfTheStatementAndTransaction) {
  for (const std::string table : {"n", "dev"}) {
    const std::string before = rows(table);
    EXPECT_EQ(db.attempt("INSERT INTO " + table + " VALUES('new',1),('a',1)"),
              (Outcome{SQLITE_CONSTRAINT, "UNIQUE constraint failed: " + table + ".key"}));
    db.run("BEGIN; DELETE FROM " + table + "; SAVEPOINT s; INSERT INTO " + table +
           " VALUES('new',1); ROLLBACK TO s");
    EXPECT_EQ(rows(table), "");
    db.run("ROLLBACK");
    EXPECT_EQ(rows(table), before);
  }
  db.run("CREATE TABLE t(x); INSERT INTO t(rowid) VALUES(77); INSERT INTO n VALUES('c',1)");
  EXPECT_EQ(db.rows("SELECT last_insert_rowid(), changes()"), "77|1");
}

TEST_F(View, WorksFromTheFirstUseInAConnection) {
  for (const char* sql : {"SELECT * FROM n", "SELECT key, value FROM vkv_at('n','HEAD')",
                          "SELECT 'a', vkv_get('n','a') UNION ALL SELECT 'b', vkv_get('n','b')"}) {
    EXPECT_EQ(Database(file).rows(sql), "a|2 b|3") << sql;
  }
  Database(file).run("INSERT INTO n VALUES('c',4)");
  Database(file).run("SELECT vkv_commit('dev','m')");
  EXPECT_EQ(rows("n"), "a|2 b|3 c|4");
}

TEST_F(View, SeesWhatOthersDo) {
  Database other(file);
  EXPECT_EQ(other.rows("SELECT * FROM n"), "a|2 b|3");
  db.run("UPDATE n SET value = 7 WHERE key = 'a'");
  EXPECT_EQ(other.rows("SELECT * FROM n"), "a|7 b|3");
  other.run("DELETE FROM dev WHERE key = 'a'");
  EXPECT_EQ(rows("dev"), "n/a|2 n/b|3 z|4");
  db.run("ALTER TABLE kv RENAME TO w");
  EXPECT_THAT(other.attempt("SELECT * FROM n").message, HasSubstr("there is no table 'kv'"));
  db.run("ALTER TABLE w RENAME TO kv");
  EXPECT_EQ(other.rows("SELECT * FROM n"), "a|7 b|3");
}

// A statement that reads another schema through the view alone still sees one moment.
TEST_F(View, OfAVersionKeepsItsMoment) {
  db.run("PRAGMA journal_mode=WAL; CREATE VIRTUAL TABLE temp.now USING vkv(store=kv, ref=main)");
  Query reading(db, "SELECT x.key, y.value FROM now AS x, now AS y WHERE y.key = 'a'");
  EXPECT_EQ(reading.step(), "a|1");
  Database other(file);
  other.run("UPDATE kv SET value = 100 WHERE key = 'a'; SELECT vkv_commit('kv','m')");
  EXPECT_EQ(reading.rest(), "n/a|1 n/b|1 z|1");
  reading.reset();
  EXPECT_EQ(reading.step(), "a|100");
}

TEST_F(View, OfAVersionFollowsItsName) {
  EXPECT_EQ(rows("v1"), "a|1 n/a|2 n/b|3 z|4");
  db.run("DELETE FROM kv WHERE key <> 'a'; SELECT vkv_commit('kv','m')");
  EXPECT_EQ(rows("v1"), "a|1 n/a|2 n/b|3 z|4");
  db.run("SELECT vkv_tag_delete('kv','v1')");
  EXPECT_THAT(db.attempt("SELECT * FROM v1").message, HasSubstr("revision 'v1' is unknown"));
  db.run("SELECT vkv_tag('kv','v1','main')");
  EXPECT_EQ(rows("v1"), "a|1");
}

TEST_F(View, OfAVersionIsReadOnly) {
  for (const char* sql :
       {"INSERT INTO v1 VALUES('x',1)", "UPDATE v1 SET value = 1", "DELETE FROM v1",
        "SELECT vkv_cas('v1','x',1,NULL)", "SELECT vkv_commit('v1','m')", "SELECT vkv_reset('v1')",
        "SELECT vkv_branch('v1','b')", "SELECT vkv_gc('v1')"}) {
    const Outcome outcome = db.attempt(sql);
    EXPECT_EQ(outcome.code, SQLITE_READONLY) << sql;
    EXPECT_THAT(outcome.message, HasSubstr("view 'v1' shows a version"));
  }
}

TEST_F(View, ThatIsPinnedStays) {
  for (const std::string view : {"dev", "v1"}) {
    for (const std::string call : {"vkv_checkout('", "vkv_workspace('"}) {
      const Outcome outcome = db.attempt("SELECT " + call + view + "','main')");
      EXPECT_EQ(outcome.code, SQLITE_ERROR);
      EXPECT_THAT(outcome.message, HasSubstr("stays where it is"));
    }
  }
  db.run("SELECT vkv_checkout('kv','dev'); SELECT vkv_branch_rename('m','dev','d2')");
  EXPECT_EQ(db.rows("SELECT vkv_current_branch('kv')"), "d2");
  EXPECT_EQ(db.attempt("SELECT * FROM dev"),
            (Outcome{SQLITE_ERROR, "view 'dev': branch 'dev' no longer exists"}));
  EXPECT_EQ(db.attempt("SELECT vkv_merge('dev','main')").message,
            "vkv_merge: view 'dev': branch 'dev' no longer exists");
  EXPECT_THAT(db.attempt("SELECT vkv_branch_delete('m','d2')").message,
              HasSubstr("'d2' is the one"));
  db.run("SELECT vkv_branch('kv','dev','main')");
  EXPECT_EQ(rows("dev"), "a|1 n/a|2 n/b|3 z|4");
}

TEST_F(View, KeepsItsPlaceAcrossARename) {
  db.run(
      "INSERT INTO dev VALUES('x',1); ALTER TABLE kv RENAME TO w; ALTER TABLE w RENAME TO kv;"
      "INSERT INTO dev VALUES('y',2)");
  EXPECT_EQ(db.rows("SELECT key FROM vkv_status('dev')"), "x y");
  EXPECT_EQ(rows("v1"), "a|1 n/a|2 n/b|3 z|4");
}

TEST_F(View, IsReadUnderOneName) {
  Query reading(db, "SELECT key FROM dev");
  EXPECT_EQ(reading.step(), "a");
  EXPECT_EQ(db.attempt("ALTER TABLE kv RENAME TO w").code & 0xff, SQLITE_LOCKED);
  db.run("ALTER TABLE n RENAME TO n2");
  EXPECT_EQ(reading.rest(), "n/a n/b z");
}

TEST_F(View, HasNoTablesOfItsOwn) {
  EXPECT_EQ(db.rows("SELECT name FROM sqlite_schema WHERE name NOT GLOB 'kv*' AND type = 'table'"),
            "n m dev");
  db.run("CREATE TABLE n_store(x)");
  db.run("DROP TABLE n; DROP TABLE m; DROP TABLE dev; DROP TABLE v1");
  EXPECT_EQ(rows("kv"), "a|1 n/a|2 n/b|3 z|4");
  EXPECT_EQ(db.rows("SELECT count(*) FROM n_store"), "0");
}

TEST_F(View, WithoutItsStoreFailsAtUseOnly) {
  db.run("DROP TABLE kv");
  const Outcome gone{SQLITE_ERROR, "view 'n': there is no table 'kv' in schema 'main'"};
  EXPECT_EQ(db.attempt("SELECT * FROM n"), gone);
  EXPECT_EQ(db.attempt("INSERT INTO n VALUES('a',1)"), gone);
  EXPECT_EQ(db.attempt("SELECT vkv_get('n','a')").message, "vkv_get: " + gone.message);
  EXPECT_THAT(db.attempt("SELECT vkv_commit('dev','m')").message, HasSubstr("no table 'kv'"));
  EXPECT_THAT(db.attempt("SELECT * FROM v1").message, HasSubstr("there is no table 'kv'"));
  Database other(file);
  EXPECT_EQ(other.attempt("SELECT * FROM n"), gone);
  other.run("DROP TABLE n");
  db.run(
      "DROP TABLE dev; DROP TABLE v1; CREATE VIRTUAL TABLE kv USING vkv;"
      "INSERT INTO m VALUES('new',1)");
  EXPECT_EQ(rows("kv"), "new|1");
}

TEST_F(View, IsNotItsOwnStore) {
  db.run(
      "CREATE VIRTUAL TABLE x USING vkv(store=n, namespace=x);"
      "DROP TABLE n; CREATE VIRTUAL TABLE n USING vkv(store=kv, namespace=n); DROP TABLE kv;"
      "ALTER TABLE x RENAME TO kv");
  EXPECT_THAT(db.attempt("SELECT * FROM kv").message, HasSubstr("its store is the view itself"));
  db.run("DROP TABLE kv; DROP TABLE n");
}

TEST_F(View, ThatIsWrittenIsInTheSchemaOfItsStore) {
  db.run("ATTACH ':memory:' AS aux");
  for (const std::string arguments : {"namespace=n", "branch=dev"}) {
    EXPECT_THAT(db.attempt("CREATE VIRTUAL TABLE temp.x USING vkv(store=kv, " + arguments + ")"),
                ::testing::FieldsAre(SQLITE_ERROR, HasSubstr("its store is in schema 'main'")));
    EXPECT_THAT(db.attempt("CREATE VIRTUAL TABLE aux.x USING vkv(store=kv, " + arguments + ")"),
                ::testing::FieldsAre(SQLITE_ERROR, HasSubstr("no table 'kv' in schema 'aux'")));
  }
  for (const std::string schema : {"aux", "temp"}) {
    db.run("CREATE VIRTUAL TABLE " + schema + ".kv USING vkv; CREATE VIRTUAL TABLE " + schema +
           ".n USING vkv(store=kv, namespace=" + schema + "); INSERT INTO " + schema +
           ".n VALUES('in',1)");
    EXPECT_EQ(rows(schema + ".kv"), schema + "/in|1");
  }
  // What the name means may change.
  db.run("DROP TABLE temp.kv");
  EXPECT_THAT(db.attempt("SELECT * FROM temp.n").message, HasSubstr("is in schema 'main'"));
  db.run(
      "DROP TABLE temp.n; CREATE VIRTUAL TABLE aux.only USING vkv; INSERT INTO aux.only "
      "VALUES('k',1);"
      "SELECT vkv_commit('only','m'); CREATE VIRTUAL TABLE temp.other USING vkv(store=only, "
      "ref=main)");
  EXPECT_EQ(rows("other"), "k|1");
}

TEST_F(View, MayBeDamagedAndDropped) {
  db.run(
      "PRAGMA writable_schema=1;"
      "UPDATE sqlite_schema SET sql = 'CREATE VIRTUAL TABLE n USING vkv(store=kv, nonsense=1)'"
      " WHERE name = 'n'; PRAGMA writable_schema=RESET");
  Database other(file);
  EXPECT_EQ(other.attempt("SELECT * FROM n"),
            (Outcome{SQLITE_ERROR, "view 'n': unknown argument 'nonsense'"}));
  other.run("DROP TABLE n");
  EXPECT_EQ(other.rows("SELECT * FROM kv"), "a|1 n/a|2 n/b|3 z|4");
}

TEST_F(View, IsReadWhereNothingCanBeWritten) {
  for (const std::string uri : {"?mode=ro", "?immutable=1"}) {
    Database other("file:" + file + uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
    EXPECT_EQ(other.rows("SELECT * FROM n"), "a|2 b|3");
    EXPECT_EQ(other.rows("SELECT count(*) FROM dev"), "4");
    EXPECT_EQ(other.attempt("INSERT INTO n VALUES('c',1)").code & 0xff, SQLITE_READONLY);
    other.run("CREATE VIRTUAL TABLE temp.v USING vkv(store=kv, ref=main, namespace=n)");
    EXPECT_EQ(other.rows("SELECT * FROM v"), "a|2 b|3");
  }
  db.run("PRAGMA query_only=1");
  EXPECT_EQ(rows("n"), "a|2 b|3");
  EXPECT_EQ(db.attempt("DELETE FROM n").code, SQLITE_READONLY);
}

TEST_F(View, WorksUnderDefensiveAndUntrustedSettings) {
  sqlite3_db_config(db.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  db.run(
      "PRAGMA trusted_schema=OFF; INSERT INTO n VALUES('c',4); SELECT vkv_commit('dev','m');"
      "CREATE TABLE log(x); CREATE VIEW w AS SELECT * FROM n;"
      "CREATE TRIGGER t AFTER INSERT ON log BEGIN INSERT INTO n VALUES(NEW.x, 5); END;"
      "INSERT INTO log VALUES('d')");
  EXPECT_EQ(rows("w"), "a|2 b|3 c|4 d|5");
}

TEST_F(View, SurvivesAnUndoneRenameOfItsStore) {
  for (const std::string undo : {"ROLLBACK TO s", "ROLLBACK"}) {
    db.run(
        "BEGIN; INSERT INTO n VALUES('c',4); SAVEPOINT s; ALTER TABLE kv RENAME TO w;"
        "UPDATE w SET value = 0");
    EXPECT_THAT(db.attempt("SELECT * FROM n").message, HasSubstr("there is no table 'kv'"));
    db.run(undo + "; INSERT INTO n VALUES('d',5); DELETE FROM dev WHERE key = 'a'");
    EXPECT_EQ(rows("n"), undo == "ROLLBACK" ? "a|2 b|3 d|5" : "a|2 b|3 c|4 d|5");
    EXPECT_EQ(rows("dev"), "n/a|2 n/b|3 z|4");
    if (undo != "ROLLBACK") db.run("ROLLBACK");
  }
}

TEST_F(View, IsCopiedAndRestored) {
  const std::string copy = directory / "copy";
  db.run("VACUUM INTO '" + copy + "'");
  Database restored(copy);
  EXPECT_EQ(restored.rows("SELECT * FROM n"), "a|2 b|3");
  restored.run("INSERT INTO dev VALUES('x',1)");
  EXPECT_EQ(restored.rows("SELECT key FROM vkv_status('dev')"), "x");
}

}  // namespace
}  // namespace vkv::ext
