// An SQLite database for one test.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "core/kv/statement.h"

namespace vkv {

class SqliteDatabase {
 public:
  explicit SqliteDatabase(const std::string& path = ":memory:") {
    check_sqlite(db_, sqlite3_open(path.c_str(), &db_));
  }
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;
  // Nothing may be left open.
  ~SqliteDatabase() { EXPECT_EQ(sqlite3_close(db_), SQLITE_OK); }

  sqlite3* get() { return db_; }
  void run(const std::string& sql) { execute(db_, sql); }
  // The first column of the first row; empty when there is none.
  std::string text(const std::string& sql) {
    Statement statement(db_, sql);
    Statement::Run run(statement);
    return run.step() ? std::string(run.text(0)) : "";
  }
  // Statements that were stepped and not reset.
  int busy_statements() {
    int busy = 0;
    for (auto* s = sqlite3_next_stmt(db_, nullptr); s; s = sqlite3_next_stmt(db_, s)) {
      busy += sqlite3_stmt_busy(s);
    }
    return busy;
  }
  void finalize_every_statement() {
    while (sqlite3_stmt* s = sqlite3_next_stmt(db_, nullptr)) sqlite3_finalize(s);
  }

 private:
  sqlite3* db_ = nullptr;
};

}  // namespace vkv
