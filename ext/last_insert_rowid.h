// KeepLastInsertRowid: nested writes must not show in last_insert_rowid().
#pragma once

#include "core/kv/sqlite.h"

namespace vkv::ext {

// Puts it back, at the end of its own life, to what it was at the beginning.
class KeepLastInsertRowid {
 public:
  explicit KeepLastInsertRowid(sqlite3* db) : db_(db), rowid_(sqlite3_last_insert_rowid(db)) {}
  KeepLastInsertRowid(const KeepLastInsertRowid&) = delete;
  KeepLastInsertRowid& operator=(const KeepLastInsertRowid&) = delete;
  ~KeepLastInsertRowid() { sqlite3_set_last_insert_rowid(db_, rowid_); }

  sqlite3_int64 rowid() const { return rowid_; }

 private:
  sqlite3* db_;
  sqlite3_int64 rowid_;
};

}  // namespace vkv::ext
