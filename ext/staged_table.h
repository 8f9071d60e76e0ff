// The shadow table <t>_staged: rows that differ from their workspace's base.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/kv/statement.h"
#include "core/tree/value.h"

namespace vkv::ext {

// A value to put, or (absent) a tombstone.
struct StagedRow {
  Bytes key;
  std::optional<Value> value;
};

// Cached statements only; every call leaves them reset.
class StagedTable {
 public:
  StagedTable(sqlite3* db, std::string_view schema, std::string_view table);

  // Inserts unless the key is staged already; returns whether it was inserted.
  bool insert(std::int64_t workspace, BytesView key, const std::optional<ValueView>& value);
  // Inserts or replaces.
  void put(std::int64_t workspace, BytesView key, const std::optional<ValueView>& value);
  // Returns whether there was such a row.
  bool erase(std::int64_t workspace, BytesView key);
  std::optional<StagedRow> find(std::int64_t workspace, BytesView key);
  bool any(std::int64_t workspace);
  std::int64_t count(std::int64_t workspace);
  // All rows of the workspace; of the whole table by SQLite's truncate optimisation when no other
  // workspace has any.
  void clear(std::int64_t workspace);
  void finalize();

  // A walk in key order, with a statement of its own that lives as long as the scan.
  class Scan {
   public:
    virtual ~Scan() = default;
    // Views live until the next call; false at the end.
    virtual bool next(BytesView& key, std::optional<ValueView>& value) = 0;
  };
  // Rows with lower <= key <= upper (absent: unbounded), ascending or descending.
  std::unique_ptr<Scan> scan(std::int64_t workspace, std::optional<BytesView> lower,
                             std::optional<BytesView> upper, bool descending);

 private:
  class RowScan;

  sqlite3* db_;
  std::string table_;  // quoted and qualified
  Statement insert_;
  Statement put_;
  Statement erase_;
  Statement find_;
  Statement any_;
  Statement any_other_;
  Statement count_;
  Statement clear_;
  Statement clear_all_;
};

}  // namespace vkv::ext
