// A connection with vkv registered, for tests that drive the product through SQL and compare every
// result code.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <variant>
#include <vector>

namespace vkv::test {

struct SqlBlob {
  std::string bytes;
  friend auto operator<=>(const SqlBlob&, const SqlBlob&) = default;
};

// A value as SQLite types it; equal means the same type and the same content. Text is a string.
using SqlValue = std::variant<std::monostate, std::int64_t, double, std::string, SqlBlob>;
using SqlRow = std::vector<SqlValue>;

// As an SQL literal; long ones shortened.
std::string literal(const SqlValue& value);
std::ostream& operator<<(std::ostream& out, const SqlValue& value);

// The rows only one of the two has, for messages: a few of them, as text; empty when all are equal.
std::string difference(const std::vector<SqlRow>& expected, const std::vector<SqlRow>& found);

struct Answer {
  int code = SQLITE_OK;  // primary result code of the first failure, SQLITE_OK when there was none
  std::string message;   // SQLite's, when it failed
  std::vector<SqlRow> rows;

  bool ok() const { return code == SQLITE_OK; }
  // The first column of the first row; NULL when there is none.
  SqlValue value() const { return rows.empty() ? SqlValue{} : rows.front().front(); }
  // The same, which must be text; else a text that says what is wrong.
  std::string text() const;
};

class Database {
 public:
  // Opens (creates) the file with no busy timeout.
  explicit Database(const std::string& path = ":memory:",
                    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);

  // Runs one statement to its end; prepared statements are kept and reused.
  Answer run(const std::string& sql, const std::vector<SqlValue>& parameters = {});
  // Runs any number of statements; throws std::runtime_error if one fails.
  void must(const std::string& sql);

  sqlite3* handle() const { return handle_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using StatementPtr = std::unique_ptr<sqlite3_stmt, Finalize>;

  StatementPtr take(const std::string& sql);
  Answer failure(int code) const;

  std::unique_ptr<sqlite3, Close> handle_;
  std::vector<std::pair<std::string, StatementPtr>> idle_;
};

}  // namespace vkv::test
