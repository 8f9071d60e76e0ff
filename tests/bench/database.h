// A connection and its statements, for code that measures SQLite as an application uses it.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace vkv::bench {

// Owns one connection. Errors throw std::runtime_error with SQLite's message and the SQL.
class Database {
 public:
  explicit Database(const std::filesystem::path& file);

  void load_extension(const std::filesystem::path& extension);
  void execute(const std::string& sql);
  // The first column of the only row.
  std::int64_t integer(const std::string& sql);

  sqlite3* handle() const { return handle_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close(handle); }
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

// One prepared statement, meant to be reused. The connection must outlive it.
class Query {
 public:
  Query(const Database& database, const std::string& sql);

  // Parameters count from 1; the bytes must live until the next reset(). Returns *this.
  Query& bind(int parameter, std::string_view text);
  Query& bind_blob(int parameter, std::string_view bytes);
  // To the next row; false at the end, where the statement is reset.
  bool step();
  // Steps to the end and returns the number of rows.
  std::uint64_t run();
  void reset() { sqlite3_reset(handle_.get()); }

  // Of the current row; columns count from 0.
  std::int64_t integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  std::string_view text(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

// BEGIN now, COMMIT with commit(), else ROLLBACK at the end.
class Transaction {
 public:
  explicit Transaction(Database& database) : database_(database) { database_.execute("BEGIN"); }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace vkv::bench
