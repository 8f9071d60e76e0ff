// The shadow table <t>_staged, with what waits in the buffer to be written to it: rows that differ
// from their workspace's base.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/kv/statement.h"
#include "core/tree/value.h"
#include "ext/sql_value.h"
#include "ext/staged_buffer.h"

namespace vkv::ext {

// A value to put, or (absent) a tombstone.
struct StagedRow {
  Bytes key;
  std::optional<Value> value;
};

// Cached statements only; every call leaves them reset.
class StagedTable {
 public:
  // The buffer must outlive it.
  StagedTable(sqlite3* db, std::string_view schema, std::string_view table, StagedBuffer& buffer);

  // Inserts unless the key is staged already; returns whether it was inserted. `is_new`: the key is
  // known not to be staged, which may save looking for it.
  bool insert(std::int64_t workspace, BytesView key, ValueView value, bool is_new);
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
  // Writes the rows past the buffer.
  void write(std::int64_t workspace, const StagedRows& rows);
  void finalize();

  class Scan;
  // The rows with lower <= key <= upper (absent: unbounded), ascending or descending. Must be gone
  // before this.
  std::unique_ptr<Scan> scan(std::int64_t workspace, std::optional<BytesView> lower,
                             std::optional<BytesView> upper, bool descending);

 private:
  // Statements of one text, as many as scans are open at a time.
  struct ScanStatements {
    std::string sql;
    std::vector<std::unique_ptr<Statement>> idle;
  };

  // Whether the row with this key is a tombstone, by its column `removed`.
  static bool is_removal(sqlite3_value* removed, BytesView key);
  // Whether the buffer has all rows of the workspace. It is written out first where it has but the
  // newest.
  bool is_in_buffer(std::int64_t workspace);
  void set_scans_aside();
  // To be called before every write. Returns whether it is to go to the buffer.
  bool about_to_write(std::int64_t workspace);
  void write(std::int64_t workspace, BytesView key, const std::optional<ValueView>& value);

  sqlite3* db_;
  StagedBuffer& buffer_;
  std::string table_;  // quoted and qualified
  Statement insert_;
  Statement put_;
  Statement put_removal_;
  Statement erase_;
  Statement find_;
  Statement any_;
  Statement any_other_;
  Statement count_;
  Statement clear_;
  Statement clear_all_;
  // Ascending and descending without an upper bound, then with one.
  std::array<ScanStatements, 4> scan_statements_;
  std::vector<Scan*> open_scans_;  // those that read from a statement or the buffer
};

// A walk in key order over the rows as they were when it began: before the table is written to,
// what is left of the walk is set aside in memory.
class StagedTable::Scan {
 public:
  Scan(StagedTable& table, ScanStatements& statements, std::int64_t workspace,
       std::optional<BytesView> lower, std::optional<BytesView> upper, bool descending);
  Scan(const Scan&) = delete;
  Scan& operator=(const Scan&) = delete;
  ~Scan() { stop_reading(); }

  // To the first row, then to each next one; false at the end.
  bool next();
  // Of the row; views live until the next call of next(), or the next write to the table.
  BytesView key() const { return key_; }
  const std::optional<ValueView>& value() const { return value_; }
  // All three in one.
  bool next(BytesView& key, std::optional<ValueView>& value);

 private:
  friend class StagedTable;

  void walk_buffer(std::optional<BytesView> lower, std::optional<BytesView> upper);
  void read_table(std::int64_t workspace, std::optional<BytesView> lower,
                  std::optional<BytesView> upper);
  bool next_stored();
  bool next_buffered();
  bool next_set_aside();
  void show_set_aside();
  void set_aside() noexcept;
  void stop_reading() noexcept;
  StagedRow copy() const;

  StagedTable& table_;
  ScanStatements& statements_;
  bool descending_;

  // While it reads the table; the bounds are owned here, as the run borrows what it binds.
  Bytes lower_;
  Bytes upper_;
  std::unique_ptr<Statement> statement_;
  std::optional<Statement::Run> run_;
  std::optional<SqlValue> sql_value_;

  // While it reads what is or was in the buffer; and what is left of it.
  std::shared_ptr<const StagedRows> buffered_;
  StagedRows::Map::const_iterator first_;
  StagedRows::Map::const_iterator last_;

  // When it reads neither any more: what is left, the current row first.
  std::deque<StagedRow> set_aside_;
  std::exception_ptr failure_;  // after the last row set aside

  bool at_row_ = false;
  BytesView key_;
  std::optional<ValueView> value_;
};

}  // namespace vkv::ext
