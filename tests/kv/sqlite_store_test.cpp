#include "core/kv/sqlite_store.h"

#include "core/base/error.h"
#include "core/kv/shadow_tables.h"
#include "tests/kv/contract.h"
#include "tests/kv/sqlite_database.h"

namespace vkv {
namespace {

using namespace std::literals;

struct Owned {
  Owned() { db.run(create_shadow_tables_sql("main", "a \"t\"")); }

  SqliteDatabase db;
  SqliteStore store{db.get(), "main", "a \"t\"_store"};
};

INSTANTIATE_TEST_SUITE_P(SqliteStore, KVStoreContract,
                         testing::Values(Backend{"sqlite",
                                                 [] {
                                                   const auto owned = std::make_shared<Owned>();
                                                   return std::shared_ptr<KVStore>(owned,
                                                                                   &owned->store);
                                                 },
                                                 false}));

class SqliteStoreTest : public testing::Test {
 protected:
  SqliteStoreTest() { db_.run(create_shadow_tables_sql("main", "t")); }

  SqliteDatabase db_;
  SqliteStore store_{db_.get(), "main", "t_store"};
};

TEST_F(SqliteStoreTest, JoinsTheTransactionItsConnectionIsIn) {
  store_.set("a", "1");
  db_.run("BEGIN");
  store_.set("a", "2");
  store_.set("b", "2");
  db_.run("ROLLBACK");
  EXPECT_EQ(store_.items(), (KVStore::Entries{{"a", "1"}}));
}

TEST_F(SqliteStoreTest, KeepsRowsInTheOrderTheyWereWritten) {
  for (const char* key : {"c", "a", "b"}) store_.set(key, "1");
  store_.set("a", "2");
  EXPECT_EQ(db_.text("SELECT group_concat(key, x'') FROM (SELECT key FROM t_store ORDER BY id)"),
            "cab");
}

TEST_F(SqliteStoreTest, LeavesNoStatementOpen) {
  store_.set("a", "1");
  store_.set("b", "2");
  EXPECT_THROW(store_.visit("", [](auto, auto) -> bool { throw std::out_of_range("mine"); }),
               std::out_of_range);
  EXPECT_EQ(db_.busy_statements(), 0);
  store_.visit_keys("", [&](auto) {
    EXPECT_EQ(db_.busy_statements(), 1);
    return false;
  });
  EXPECT_EQ(db_.busy_statements(), 0);
}

TEST_F(SqliteStoreTest, LeavesNoStatementOpenAfterAnError) {
  store_.set("a", "1");
  db_.run("PRAGMA query_only = 1");
  const std::string_view keys[] = {"a"};
  EXPECT_THROW(store_.set("a", "2"), StorageError);
  EXPECT_THROW(store_.cas("a", "2", "1"), StorageError);
  EXPECT_THROW(store_.remove_many(keys), StorageError);
  EXPECT_THROW(store_.clear(), StorageError);
  EXPECT_EQ(db_.busy_statements(), 0);
  EXPECT_EQ(store_.get("a"), "1");
  db_.run("PRAGMA query_only = 0");
  store_.set("a", "2");
  EXPECT_EQ(store_.get("a"), "2");
}

TEST_F(SqliteStoreTest, ReportsRowsThatAreNotBlobs) {
  const auto visit_all = [](auto...) { return true; };
  for (const char* value : {"'text'", "1", "0.5"}) {
    SCOPED_TRACE(value);
    store_.clear();
    db_.run("INSERT INTO t_store(key, value) VALUES (x'61', "s + value + ")");
    EXPECT_THROW(store_.get("a"), Corruption);
    EXPECT_THROW(store_.visit("", visit_all), Corruption);
    EXPECT_THROW(store_.visit("a", visit_all), Corruption);
    EXPECT_TRUE(store_.contains("a"));

    store_.clear();
    db_.run("INSERT INTO t_store(key, value) VALUES ("s + value + ", x'61')");
    EXPECT_THROW(store_.visit("", visit_all), Corruption);
    EXPECT_THROW(store_.visit_keys("", visit_all), Corruption);
  }
  EXPECT_EQ(db_.busy_statements(), 0);
}

TEST_F(SqliteStoreTest, WorksOnAfterItsStatementsWereFinalised) {
  store_.set("a", "1");
  EXPECT_EQ(store_.items().size(), 1u);
  store_.finalize_statements();
  EXPECT_EQ(sqlite3_next_stmt(db_.get(), nullptr), nullptr);
  EXPECT_EQ(store_.get("a"), "1");
  db_.finalize_every_statement();
}

TEST_F(SqliteStoreTest, NamesAMissingTable) {
  SqliteStore missing(db_.get(), "main", "missing");
  try {
    missing.get("a");
    FAIL();
  } catch (const StorageError& error) {
    EXPECT_STREQ(error.what(), "no such table: main.missing");
  }
}

}  // namespace
}  // namespace vkv
