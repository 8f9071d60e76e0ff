#include "core/kv/statement.h"

#include "core/base/error.h"
#include "tests/kv/sqlite_database.h"

namespace vkv {
namespace {

using namespace std::literals;

// The code of the StorageError that `body` throws; 0 when it throws none.
template <typename Body>
int storage_error(Body&& body) {
  try {
    body();
  } catch (const StorageError& error) {
    return error.code();
  }
  return 0;
}

class StatementTest : public testing::Test {
 protected:
  SqliteDatabase db_;
};

TEST(QuotedIdentifier, DoublesQuotes) {
  EXPECT_EQ(quoted_identifier(""), R"("")");
  EXPECT_EQ(quoted_identifier("plain"), R"("plain")");
  EXPECT_EQ(quoted_identifier(R"(a "b" c)"), R"("a ""b"" c")");
}

TEST_F(StatementTest, BindsAndReadsEveryType) {
  Statement statement(db_.get(), "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, typeof(?6), typeof(?7)");
  for (int pass = 0; pass < 2; ++pass) {
    Statement::Run run(statement);
    run.bind_int64(1, INT64_MIN);
    run.bind_double(2, 0.5);
    run.bind_text(3, "te\0xt"sv);
    run.bind_blob(4, "b\0\xff"sv);
    run.bind_null(5);
    run.bind_text(6, {});
    run.bind_blob(7, {});
    ASSERT_TRUE(run.step());
    const int types[] = {SQLITE_INTEGER, SQLITE_FLOAT, SQLITE_TEXT, SQLITE_BLOB,
                         SQLITE_NULL,    SQLITE_TEXT,  SQLITE_BLOB, SQLITE_NULL};
    for (int column = 0; column < 8; ++column) {
      EXPECT_EQ(run.type(column), types[column]) << column;
      EXPECT_EQ(run.is_null(column), types[column] == SQLITE_NULL) << column;
    }
    EXPECT_EQ(run.int64(0), INT64_MIN);
    EXPECT_EQ(sqlite3_value_double(run.value(1)), 0.5);
    EXPECT_EQ(run.text(2), "te\0xt"sv);
    EXPECT_EQ(run.blob(3), "b\0\xff"sv);
    EXPECT_EQ(run.text(4), "");
    EXPECT_EQ(run.text(8), "text");
    EXPECT_EQ(run.text(9), "blob");
    EXPECT_FALSE(run.step());
  }
}

TEST_F(StatementTest, ClearsItsBindingsAndResets) {
  Statement statement(db_.get(), "SELECT ?1");
  {
    Statement::Run run(statement);
    run.bind_int64(1, 7);
    ASSERT_TRUE(run.step());
    EXPECT_EQ(db_.busy_statements(), 1);
  }
  EXPECT_EQ(db_.busy_statements(), 0);
  Statement::Run run(statement);
  ASSERT_TRUE(run.step());
  EXPECT_TRUE(run.is_null(0));
}

TEST_F(StatementTest, ReportsWhatSqliteSays) {
  Statement bad(db_.get(), "SELEKT");
  try {
    const Statement::Run run(bad);
    FAIL();
  } catch (const StorageError& error) {
    EXPECT_EQ(error.code(), SQLITE_ERROR);
    EXPECT_STREQ(error.what(), "near \"SELEKT\": syntax error");
  }
  db_.run("CREATE TABLE t(a UNIQUE)");
  Statement insert(db_.get(), "INSERT INTO t VALUES (1)");
  const auto run_it = [&] { Statement::Run(insert).step(); };
  EXPECT_EQ(storage_error(run_it), 0);
  EXPECT_EQ(storage_error(run_it), SQLITE_CONSTRAINT_UNIQUE);
  EXPECT_EQ(db_.busy_statements(), 0);
  db_.run("DELETE FROM t");
  EXPECT_EQ(storage_error(run_it), 0);
}

TEST_F(StatementTest, RefusesAParameterThatIsNotThere) {
  Statement statement(db_.get(), "SELECT ?1");
  Statement::Run run(statement);
  EXPECT_EQ(storage_error([&] { run.bind_int64(2, 0); }), SQLITE_RANGE);
}

TEST(CheckSqlite, KnowsItsCodes) {
  SqliteDatabase db;
  for (const int code : {SQLITE_OK, SQLITE_ROW, SQLITE_DONE}) {
    EXPECT_NO_THROW(check_sqlite(db.get(), code));
  }
  EXPECT_THROW(check_sqlite(db.get(), SQLITE_NOMEM), std::bad_alloc);
  EXPECT_THROW(check_sqlite(db.get(), SQLITE_IOERR_NOMEM), std::bad_alloc);
  EXPECT_EQ(storage_error([&] { check_sqlite(db.get(), SQLITE_MISUSE); }), SQLITE_MISUSE);
}

TEST_F(StatementTest, PreparesAgainAfterFinalize) {
  Statement statement(db_.get(), "SELECT 1");
  for (int pass = 0; pass < 2; ++pass) {
    EXPECT_TRUE(Statement::Run(statement).step());
    EXPECT_NE(sqlite3_next_stmt(db_.get(), nullptr), nullptr);
    statement.finalize();
    EXPECT_EQ(sqlite3_next_stmt(db_.get(), nullptr), nullptr);
    statement.finalize();
  }
}

TEST_F(StatementTest, SurvivesAForeignFinaliser) {
  Statement statement(db_.get(), "SELECT 1");
  EXPECT_TRUE(Statement::Run(statement).step());
  db_.finalize_every_statement();
  // What the allocator may have put in the same place is not ours to finalise.
  sqlite3_stmt* other = nullptr;
  ASSERT_EQ(sqlite3_prepare_v2(db_.get(), "SELECT 2", -1, &other, nullptr), SQLITE_OK);
  statement.finalize();
  EXPECT_EQ(sqlite3_next_stmt(db_.get(), nullptr), other);
  sqlite3_finalize(other);
  EXPECT_TRUE(Statement::Run(statement).step());
}

}  // namespace
}  // namespace vkv
