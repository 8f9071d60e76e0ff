// SQLite values to call things with.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/kv/sqlite.h"

namespace vkv::ext::testing {

// The values of a row: SqlValues("'a', 1, NULL").
class SqlValues {
 public:
  explicit SqlValues(const std::string& expressions) {
    sqlite3_open(":memory:", &db_);
    sqlite3_prepare_v2(db_, ("SELECT " + expressions).c_str(), -1, &row_, nullptr);
    if (sqlite3_step(row_) != SQLITE_ROW) throw std::runtime_error(sqlite3_errmsg(db_));
    for (int i = 0; i < sqlite3_column_count(row_); ++i) {
      values_.push_back(sqlite3_value_dup(sqlite3_column_value(row_, i)));
    }
  }
  SqlValues(const SqlValues&) = delete;
  SqlValues& operator=(const SqlValues&) = delete;
  ~SqlValues() {
    for (sqlite3_value* value : values_) sqlite3_value_free(value);
    sqlite3_finalize(row_);
    sqlite3_close(db_);
  }

  const std::vector<sqlite3_value*>& values() const { return values_; }

 private:
  sqlite3* db_ = nullptr;
  sqlite3_stmt* row_ = nullptr;
  std::vector<sqlite3_value*> values_;
};

}  // namespace vkv::ext::testing
