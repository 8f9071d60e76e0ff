// A connection with vkv on it, for tests that speak SQL.
#pragma once

#include <memory>
#include <string>

#include "core/kv/sqlite.h"
#include "ext/connection.h"

namespace vkv::ext::testing {

struct Outcome {
  int code = SQLITE_OK;
  std::string message;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

class Database {
 public:
  explicit Database(const std::string& path = ":memory:",
                    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  // Nothing may be left that keeps a connection open.
  ~Database();

  sqlite3* get() const { return db_; }
  Connection& connection() { return *connection_; }

  // Runs SQL that must succeed.
  void run(const std::string& sql);
  // Runs SQL up to the first error; with the extended code.
  Outcome attempt(const std::string& sql);
  // What one statement that must succeed answers: values as the SQL function quote() shows them but
  // text bare, "a|1" a row, rows separated by a space.
  std::string rows(const std::string& sql);
  // Commits what is staged.
  void commit(const std::string& table = "kv");

 private:
  sqlite3* db_ = nullptr;
  std::shared_ptr<Connection> connection_;
};

// A prepared statement, stepped by hand.
class Query {
 public:
  Query(const Database& database, const std::string& sql);
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query() { sqlite3_finalize(statement_); }

  sqlite3_stmt* get() const { return statement_; }
  void bind(int parameter, const std::string& text);
  // One row as rows() shows it; "end" when there is none, "error: …" when it fails.
  std::string step();
  std::string rest();
  void reset() { sqlite3_reset(statement_); }
  // One of SQLite's counters of the statement.
  int counter(int which) const { return sqlite3_stmt_status(statement_, which, 0); }

 private:
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace vkv::ext::testing
