// SqliteStore: a KVStore in one table of an SQLite database.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/kv/kvstore.h"
#include "core/kv/statement.h"

namespace vkv {

// The table is <t>_store of sql/shadow_tables.sql: its rows lie in the order they were written, and
// the index on their keys holds the order of keys.
//
// Every call joins the transaction the connection is in. A call that writes several rows runs
// several statements, so it is all-or-nothing only within what the caller holds around it: a
// transaction, or the statement of a virtual table. exclusive() is left to whoever owns the
// transaction. Rows that hold anything but blobs are Corruption when they are read. Threads: as the
// connection; several calls are never one step.
class SqliteStore final : public KVStore {
 public:
  // The connection must outlive this. Reads and writes nothing yet.
  SqliteStore(sqlite3* db, std::string_view schema, std::string_view table);

  std::optional<Bytes> get(std::string_view key) override;
  bool contains(std::string_view key) override;
  void set_many(std::span<const Entry> entries) override;
  void remove_many(std::span<const std::string_view> keys) override;
  bool cas(std::string_view key, BytesView value, std::optional<BytesView> expected) override;
  void visit_keys(std::string_view prefix, const KeyVisitor& visit) override;
  void visit(std::string_view prefix, const EntryVisitor& visit) override;
  void clear() override;

  // Releases every cached statement; the next call prepares its own again.
  void finalize_statements() noexcept;

 private:
  // Statements of one text, as many as visits are nested within each other.
  struct Scan {
    std::string sql;
    std::vector<std::unique_ptr<Statement>> idle;
  };

  // Calls each(key, run) -> bool, false to stop, on each row of `scan` whose key has the prefix.
  template <typename Each>
  void for_each(Scan& scan, std::string_view prefix, const Each& each);
  // The blob in `column`; Corruption when there is something else.
  BytesView blob(const Statement::Run& run, int column) const;

  sqlite3* db_;
  const std::string table_;  // quoted and qualified
  Statement get_;
  Statement contains_;
  Statement set_;
  Statement insert_;
  Statement swap_;
  Statement remove_;
  Statement clear_;
  Scan keys_;
  Scan entries_;
};

}  // namespace vkv
