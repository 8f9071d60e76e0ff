#include <gtest/gtest.h>

#include <cstring>

#include "core/tree/value.h"
#include "tests/ext/database.h"

namespace vkv::ext {
namespace {

using testing::Database;
using testing::Outcome;

constexpr const char* kUnique = "UNIQUE constraint failed: kv.key";
constexpr const char* kNotNull = "NOT NULL constraint failed: kv.key";

// Where the rows a=1, b=2, c=3 are before a test: committed, staged, or some of both with changes.
const struct Start {
  const char* name;
  const char* committed;  // rows
  const char* staged;     // statement
} kStarts[] = {
    {"staged", "", "INSERT INTO kv VALUES('a',1),('b',2),('c',3)"},
    {"committed", "('a',1),('b',2),('c',3)", ""},
    {"both", "('a',1),('b',0),('x',9)",
     "UPDATE kv SET value = 2 WHERE key = 'b'; DELETE FROM kv WHERE key = 'x';"
     "INSERT INTO kv VALUES('c',3)"},
};

void prepare(Database& db, const Start& start) {
  db.run("CREATE VIRTUAL TABLE kv USING vkv");
  if (*start.committed) {
    db.run(std::string("INSERT INTO kv VALUES") + start.committed);
    db.commit();
  }
  db.run(start.staged);
  ASSERT_EQ(db.rows("SELECT * FROM kv"), "a|1 b|2 c|3");
}

// Each statement on a=1, b=2, c=3, alone and inside a transaction.
const struct WriteCase {
  const char* sql;
  Outcome outcome;
  const char* rows;
  int changes = 0;  // where it succeeds

} kWriteCases[] = {
    {"INSERT INTO kv VALUES('d',4)", {}, "a|1 b|2 c|3 d|4", 1},
    {"INSERT INTO kv VALUES('b',9)", {SQLITE_CONSTRAINT, kUnique}, "a|1 b|2 c|3"},
    {"INSERT OR ABORT INTO kv VALUES('d',4),('b',9)", {SQLITE_CONSTRAINT, kUnique}, "a|1 b|2 c|3"},
    {"INSERT OR FAIL INTO kv VALUES('d',4),('b',9),('e',5)",
     {SQLITE_CONSTRAINT, kUnique},
     "a|1 b|2 c|3 d|4"},
    {"INSERT OR ROLLBACK INTO kv VALUES('d',4),('b',9)",
     {SQLITE_CONSTRAINT, kUnique},
     "a|1 b|2 c|3"},
    {"INSERT OR IGNORE INTO kv VALUES('d',4),('b',9),('e',5)", {}, "a|1 b|2 c|3 d|4 e|5", 2},
    {"INSERT OR REPLACE INTO kv VALUES('d',4),('b',9)", {}, "a|1 b|9 c|3 d|4", 2},
    {"REPLACE INTO kv VALUES('b',NULL)", {}, "a|1 b|NULL c|3", 1},
    {"INSERT INTO kv VALUES('d',4),('d',5)", {SQLITE_CONSTRAINT, kUnique}, "a|1 b|2 c|3"},
    {"INSERT INTO kv(key) VALUES('d')", {}, "a|1 b|2 c|3 d|NULL", 1},
    {"INSERT INTO kv DEFAULT VALUES", {SQLITE_CONSTRAINT, kNotNull}, "a|1 b|2 c|3"},
    {"INSERT INTO kv VALUES('d',4),(NULL,5)", {SQLITE_CONSTRAINT, kNotNull}, "a|1 b|2 c|3"},
    {"INSERT OR IGNORE INTO kv VALUES(NULL,5),('d',4)", {}, "a|1 b|2 c|3 d|4", 1},
    {"INSERT OR REPLACE INTO kv VALUES(NULL,5)", {SQLITE_CONSTRAINT, kNotNull}, "a|1 b|2 c|3"},
    {"INSERT INTO kv SELECT key||'x', value*10 FROM kv", {}, "a|1 ax|10 b|2 bx|20 c|3 cx|30", 3},
    {"INSERT OR REPLACE INTO kv SELECT key, value*10 FROM kv", {}, "a|10 b|20 c|30", 3},
    {"UPDATE kv SET value = value*10", {}, "a|10 b|20 c|30", 3},
    {"UPDATE kv SET value = 7 WHERE key > 'a'", {}, "a|1 b|7 c|7", 2},
    {"UPDATE kv SET value = 7 WHERE key = 'none'", {}, "a|1 b|2 c|3", 0},
    {"UPDATE kv SET key = key||'x'", {}, "ax|1 bx|2 cx|3", 3},
    {"UPDATE kv SET key = 'z'||key, value = value+1 WHERE key IN ('a','c')",
     {},
     "b|2 za|2 zc|4",
     2},
    {"UPDATE kv SET key = 'b' WHERE key = 'a'", {SQLITE_CONSTRAINT, kUnique}, "a|1 b|2 c|3"},
    {"UPDATE kv SET key = 'z' WHERE key >= 'b'", {SQLITE_CONSTRAINT, kUnique}, "a|1 b|2 c|3"},
    {"UPDATE OR IGNORE kv SET key = 'b' WHERE key <> 'b'", {}, "a|1 b|2 c|3", 0},
    {"UPDATE OR REPLACE kv SET key = 'b' WHERE key = 'a'", {}, "b|1 c|3", 1},
    {"UPDATE OR FAIL kv SET key = 'z' WHERE key >= 'b'",
     {SQLITE_CONSTRAINT, kUnique},
     "a|1 c|3 z|2"},
    {"UPDATE kv SET key = NULL WHERE key = 'a'", {SQLITE_CONSTRAINT, kNotNull}, "a|1 b|2 c|3"},
    {"UPDATE kv SET key = 'a' WHERE key = 'a'", {}, "a|1 b|2 c|3", 1},
    {"DELETE FROM kv", {}, "", 3},
    {"DELETE FROM kv WHERE key = 'b'", {}, "a|1 c|3", 1},
    {"DELETE FROM kv WHERE key IN ('a','c','none')", {}, "b|2", 2},
    {"DELETE FROM kv WHERE value > 1", {}, "a|1", 2},
    {"DELETE FROM kv WHERE key = 'none'", {}, "a|1 b|2 c|3", 0},
};

TEST(TableWrite, MeansWhatItMeansInSqlite) {
  for (const Start& start : kStarts) {
    for (const WriteCase& c : kWriteCases) {
      for (const bool in_transaction : {false, true}) {
        SCOPED_TRACE(std::string(start.name) + (in_transaction ? ", BEGIN: " : ": ") + c.sql);
        Database db;
        prepare(db, start);
        if (in_transaction) db.run("BEGIN");
        EXPECT_EQ(db.attempt(c.sql), c.outcome);
        if (c.outcome.code == SQLITE_OK) {
          EXPECT_EQ(sqlite3_changes(db.get()), c.changes);
        }
        EXPECT_EQ(db.rows("SELECT * FROM kv"), c.rows);
        const bool rolled_back = std::string_view(c.sql).starts_with("INSERT OR ROLLBACK");
        EXPECT_EQ(sqlite3_get_autocommit(db.get()), !in_transaction || rolled_back);
      }
    }
  }
}

// The same on a plain table with the same rows: changes() and rows agree.
TEST(TableWrite, AgreesWithAPlainTable) {
  for (const WriteCase& c : kWriteCases) {
    SCOPED_TRACE(c.sql);
    Database db;
    db.run(
        "CREATE TABLE kv(key TEXT PRIMARY KEY NOT NULL, value) WITHOUT ROWID;"
        "INSERT INTO kv VALUES('a',1),('b',2),('c',3)");
    const Outcome outcome = db.attempt(c.sql);
    EXPECT_EQ(outcome.code & 0xff, c.outcome.code);
    EXPECT_EQ(outcome.message, c.outcome.message);
    EXPECT_EQ(db.rows("SELECT * FROM kv"), c.rows);
  }
}

TEST(TableWrite, KeysAreText) {
  const struct {
    const char* key;
    const char* stored;
  } cases[] = {{"5", "5"},
               {"-0", "0"},
               {"1.0", "1.0"},
               {"1e100", "1.0e+100"},
               {"0.1", "0.1"},
               {"''", ""},
               {"'a b'", "a b"},
               {"true", "1"},
               {"'05'", "05"},
               {"'ä€😀'", "ä€😀"},
               {"9223372036854775807", "9223372036854775807"}};
  Database db;
  db.run("CREATE VIRTUAL TABLE kv USING vkv; CREATE TABLE plain(key TEXT PRIMARY KEY)");
  for (const auto& c : cases) {
    SCOPED_TRACE(c.key);
    db.run("DELETE FROM kv; DELETE FROM plain");
    db.run(std::string("INSERT INTO kv VALUES(") + c.key + ", 1)");
    db.run(std::string("INSERT INTO plain VALUES(") + c.key + ")");
    EXPECT_EQ(db.rows("SELECT key, typeof(key) FROM kv"), c.stored + std::string("|text"));
    EXPECT_EQ(db.rows("SELECT key, typeof(key) FROM plain"), c.stored + std::string("|text"));
    for (const char* condition : {"key = ", "key >= ", "key IN (NULL, x'00', ", "NOT key <> "}) {
      const std::string where =
          std::string(" WHERE ") + condition + c.key + (std::strchr(condition, '(') ? ")" : "");
      EXPECT_EQ(db.rows("SELECT count(*) FROM kv" + where), "1") << where;
    }
  }
}

TEST(TableWrite, BlobsAreNoKeys) {
  Database db;
  db.run("CREATE VIRTUAL TABLE kv USING vkv; INSERT INTO kv VALUES('a',1)");
  const Outcome mismatch{SQLITE_MISMATCH, "a key must be text, not a blob: kv.key"};
  for (const char* sql : {"INSERT INTO kv VALUES(x'61',1)",
                          "INSERT OR IGNORE INTO kv VALUES(x'',1)", "UPDATE kv SET key = x'62'"}) {
    EXPECT_EQ(db.attempt(sql), mismatch) << sql;
  }
  EXPECT_EQ(db.rows("SELECT * FROM kv"), "a|1");
  EXPECT_EQ(db.rows("SELECT * FROM kv WHERE key = x'61'"), "");
}

TEST(TableWrite, ValuesKeepTheirTypes) {
  const char* const values[] = {"1",
                                "-9223372036854775808",
                                "1.0",
                                "-0.5",
                                "1e300",
                                "'1'",
                                "''",
                                "x''",
                                "x'00'",
                                "NULL",
                                "9e999",
                                "'a\xc3\xa4'",
                                "zeroblob(5000)",
                                "hex(zeroblob(100000))"};
  Database db;
  db.run("CREATE VIRTUAL TABLE kv USING vkv; CREATE TABLE plain(key TEXT PRIMARY KEY, value)");
  for (const bool committed : {false, true}) {
    for (const char* value : values) {
      SCOPED_TRACE(value);
      const std::string row = std::string(" VALUES('k', ") + value + ")";
      db.run("REPLACE INTO kv" + row + "; REPLACE INTO plain" + row);
      if (committed) db.commit();
      EXPECT_EQ(db.rows("SELECT typeof(value), value FROM kv"),
                db.rows("SELECT typeof(value), value FROM plain"));
    }
  }
}

TEST(TableWrite, KeysHaveALimit) {
  Database db;
  db.run("CREATE VIRTUAL TABLE kv USING vkv");
  const std::string fits(kMaxKeySize, 'k');
  db.run("INSERT INTO kv VALUES('" + fits + "', 1)");
  const Outcome outcome = db.attempt("INSERT INTO kv VALUES('" + fits + "k', 1)");
  EXPECT_EQ(outcome.code, SQLITE_TOOBIG);
  EXPECT_EQ(outcome.message,
            "key '" + fits.substr(0, 64) + "'... has 8193 bytes; at most 8192 are allowed");
  EXPECT_EQ(db.rows("SELECT length(key) FROM kv"), "8192");
  db.commit();
  EXPECT_EQ(db.rows("SELECT length(key) FROM kv"), "8192");
}

TEST(TableWrite, LeavesLastInsertRowidAlone) {
  Database db;
  db.run("CREATE TABLE other(id INTEGER PRIMARY KEY); INSERT INTO other VALUES(42)");
  db.run("CREATE VIRTUAL TABLE kv USING vkv");
  EXPECT_EQ(sqlite3_last_insert_rowid(db.get()), 42);
  for (const char* sql :
       {"INSERT INTO kv VALUES('a',1)", "UPDATE kv SET key = 'b'", "DELETE FROM kv",
        "INSERT OR IGNORE INTO kv VALUES('a',1),('a',2)", "REPLACE INTO kv VALUES('a',1)"}) {
    db.run(sql);
    EXPECT_EQ(sqlite3_last_insert_rowid(db.get()), 42) << sql;
  }
  db.attempt("INSERT INTO kv VALUES('a',1)");
  EXPECT_EQ(sqlite3_last_insert_rowid(db.get()), 42);
  db.commit();
  EXPECT_EQ(sqlite3_last_insert_rowid(db.get()), 42);
}

TEST(TableWrite, AKeyMovedKeepsItsValue) {
  Database db;
  db.run(
      "CREATE VIRTUAL TABLE kv USING vkv;"
      "INSERT INTO kv VALUES('a',NULL),('b',zeroblob(70000)),('c','text')");
  db.commit();
  db.run("UPDATE kv SET key = 'n'||key");
  EXPECT_EQ(db.rows("SELECT key, typeof(value), length(value) FROM kv"),
            "na|null|NULL nb|blob|70000 nc|text|4");
}

TEST(TableWrite, ARowPutBackIsNotStaged) {
  Database db;
  db.run("CREATE VIRTUAL TABLE kv USING vkv; INSERT INTO kv VALUES('a',1),('b',2)");
  db.commit();
  db.run(
      "UPDATE kv SET value = 9; UPDATE kv SET value = 1 WHERE key = 'a'; DELETE FROM kv;"
      "INSERT INTO kv VALUES('a',1),('b',2),('c',3); DELETE FROM kv WHERE key = 'c'");
  EXPECT_EQ(db.rows("SELECT count(*) FROM kv_staged"), "0");
  EXPECT_EQ(db.rows("SELECT * FROM kv"), "a|1 b|2");
}

TEST(TableWrite, TheCommandColumnIsNotForSql) {
  Database db;
  db.run("CREATE VIRTUAL TABLE kv USING vkv; INSERT INTO kv VALUES('a',1)");
  const Outcome refused{SQLITE_ERROR, "the column vkv_command is not for use in SQL"};
  for (const char* sql :
       {"INSERT INTO kv(key, vkv_command) VALUES('b', 1)",
        "INSERT INTO kv(key, vkv_command) VALUES('', x'00')", "UPDATE kv SET vkv_command = 'x'"}) {
    EXPECT_EQ(db.attempt(sql), refused) << sql;
  }
  EXPECT_EQ(db.rows("SELECT *, vkv_command FROM kv"), "a|1|NULL");
}

TEST(TableWrite, SqliteRefusesUpsertAndReturning) {
  Database db;
  db.run("CREATE VIRTUAL TABLE kv USING vkv");
  EXPECT_EQ(db.attempt("INSERT INTO kv VALUES('a',1) ON CONFLICT(key) DO NOTHING").message,
            "UPSERT not implemented for virtual table \"kv\"");
  EXPECT_EQ(db.attempt("DELETE FROM kv RETURNING key").message,
            "DELETE RETURNING is not available on virtual tables");
}

}  // namespace
}  // namespace vkv::ext
