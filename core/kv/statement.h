// Cached SQL statements that are never left open.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.h"
#include "core/kv/sqlite.h"

namespace vkv {

// `name` as a quoted SQL identifier: "a ""b"" c".
std::string quoted_identifier(std::string_view name);
// Both parts quoted: "schema"."table".
std::string qualified_name(std::string_view schema, std::string_view table);

// Throws what `code`, the answer of a call on `db`, stands for: std::bad_alloc for SQLITE_NOMEM,
// else StorageError with the extended code and SQLite's message. Does nothing for OK, ROW and DONE.
void check_sqlite(sqlite3* db, int code);

// Runs `sql`, any number of statements that answer nothing. Errors as check_sqlite(); statements
// before the failing one stay done.
void execute(sqlite3* db, const std::string& sql);

// One statement, prepared (PERSISTENT, NO_VTAB) at its first use and kept until finalize(). Not
// thread-safe; the connection must outlive it.
class Statement {
 public:
  Statement(sqlite3* db, std::string sql);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { finalize(); }

  // One run of the statement, from its bindings to its reset. At most one at a time.
  class Run;

  // Releases the prepared statement; the next run prepares it again. Tolerates that somebody else,
  // as some clients do before they close a connection, has finalised it.
  void finalize() noexcept;

 private:
  sqlite3* db_;
  std::string sql_;
  sqlite3_stmt* handle_ = nullptr;
};

// Bound bytes are borrowed: they must live until the run ends. Its end resets the statement and
// clears its bindings, so nothing stays locked or pinned. All errors as check_sqlite().
class Statement::Run {
 public:
  explicit Run(Statement& statement);
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run();

  // Parameters count from 1.
  void bind_int64(int parameter, std::int64_t value);
  void bind_double(int parameter, double value);
  void bind_text(int parameter, std::string_view value);
  void bind_blob(int parameter, BytesView value);
  void bind_null(int parameter);

  // To the next row; false when there is none.
  bool step();

  // Of the current row; columns count from 0. Views live until the next step or the run's end.
  // SQLITE_NULL, SQLITE_INTEGER, SQLITE_FLOAT, SQLITE_TEXT or SQLITE_BLOB.
  int type(int column) const;
  bool is_null(int column) const;
  std::int64_t int64(int column) const;
  // Throw std::bad_alloc when SQLite has no memory to convert the value.
  std::string_view text(int column) const;
  BytesView blob(int column) const;
  // The value itself, for what the accessors above do not cover.
  sqlite3_value* value(int column) const;

 private:
  sqlite3* db_;
  sqlite3_stmt* handle_;
};

}  // namespace vkv
