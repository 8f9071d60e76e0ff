// SqliteStore: a KVStore in one table of an SQLite database.
#pragma once

#include <string_view>

#include "core/kv/kvstore.h"
#include "core/kv/statement.h"

namespace vkv {

// The table is (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, value BLOB NOT NULL): rows lie in
// the order they were written, and the key's index holds the order of keys (core/FORMAT.md).
//
// Every call joins the transaction the connection is in. A call that writes several rows runs several
// statements, so it is all-or-nothing only within what the caller holds around it: a transaction, or
// the statement of a virtual table. exclusive() is left to whoever owns the transaction. Rows of another type than blob are Corruption. Threads: as
// the connection; several calls are never one step.
class SqliteStore final : public KVStore {
 public:
  // The SQL that creates the table.
  static std::string create_table_sql(std::string_view schema, std::string_view table);

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
  // The implementation chooses its private members.
};

}  // namespace vkv
