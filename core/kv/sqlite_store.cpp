#include "core/kv/sqlite_store.h"

#include <limits>
#include <utility>

#include "core/base/error.h"

namespace vkv {
namespace {

// What every stored value is at or above. A blob would leave out damaged keys of other types.
constexpr double kLowest = -std::numeric_limits<double>::infinity();

}  // namespace

SqliteStore::SqliteStore(sqlite3* db, std::string_view schema, std::string_view table)
    : db_(db),
      table_(qualified_name(schema, table)),
      get_(db, "SELECT value FROM " + table_ + " WHERE key = ?1"),
      contains_(db, "SELECT 1 FROM " + table_ + " WHERE key = ?1"),
      set_(db, "INSERT INTO " + table_ +
                   "(key, value) VALUES (?1, ?2)"
                   " ON CONFLICT(key) DO UPDATE SET value = excluded.value"),
      insert_(db,
              "INSERT INTO " + table_ + "(key, value) VALUES (?1, ?2) ON CONFLICT(key) DO NOTHING"),
      swap_(db, "UPDATE " + table_ + " SET value = ?2 WHERE key = ?1 AND value = ?3"),
      remove_(db, "DELETE FROM " + table_ + " WHERE key = ?1"),
      clear_(db, "DELETE FROM " + table_),
      keys_{"SELECT key FROM " + table_ + " WHERE key >= ?1 ORDER BY key", {}},
      entries_{"SELECT key, value FROM " + table_ + " WHERE key >= ?1 ORDER BY key", {}} {}

std::optional<Bytes> SqliteStore::get(std::string_view key) {
  Statement::Run run(get_);
  run.bind_blob(1, key);
  if (!run.step()) return std::nullopt;
  return Bytes(blob(run, 0));
}

bool SqliteStore::contains(std::string_view key) {
  Statement::Run run(contains_);
  run.bind_blob(1, key);
  return run.step();
}

void SqliteStore::set_many(std::span<const Entry> entries) {
  for (const auto& [key, value] : entries) {
    Statement::Run run(set_);
    run.bind_blob(1, key);
    run.bind_blob(2, value);
    run.step();
  }
}

void SqliteStore::remove_many(std::span<const std::string_view> keys) {
  for (const std::string_view key : keys) {
    Statement::Run run(remove_);
    run.bind_blob(1, key);
    run.step();
  }
}

bool SqliteStore::cas(std::string_view key, BytesView value, std::optional<BytesView> expected) {
  Statement::Run run(expected ? swap_ : insert_);
  run.bind_blob(1, key);
  run.bind_blob(2, value);
  if (expected) run.bind_blob(3, *expected);
  run.step();
  return sqlite3_changes(db_) > 0;
}

void SqliteStore::visit_keys(std::string_view prefix, const KeyVisitor& visit) {
  for_each(keys_, prefix, [&](std::string_view key, const Statement::Run&) { return visit(key); });
}

void SqliteStore::visit(std::string_view prefix, const EntryVisitor& visit) {
  for_each(entries_, prefix, [&](std::string_view key, const Statement::Run& run) {
    return visit(key, blob(run, 1));
  });
}

void SqliteStore::clear() {
  Statement::Run run(clear_);
  run.step();
}

void SqliteStore::finalize_statements() noexcept {
  for (Statement* statement : {&get_, &contains_, &set_, &insert_, &swap_, &remove_, &clear_}) {
    statement->finalize();
  }
  keys_.idle.clear();
  entries_.idle.clear();
}

template <typename Each>
void SqliteStore::for_each(Scan& scan, std::string_view prefix, const Each& each) {
  std::unique_ptr<Statement> statement;
  if (scan.idle.empty()) {
    statement = std::make_unique<Statement>(db_, scan.sql);
  } else {
    statement = std::move(scan.idle.back());
    scan.idle.pop_back();
  }
  {
    Statement::Run run(*statement);
    if (prefix.empty()) {
      run.bind_double(1, kLowest);
    } else {
      run.bind_blob(1, prefix);
    }
    while (run.step()) {
      const std::string_view key = blob(run, 0);
      if (!key.starts_with(prefix) || !each(key, run)) break;
    }
  }
  scan.idle.push_back(std::move(statement));
}

BytesView SqliteStore::blob(const Statement::Run& run, int column) const {
  if (run.type(column) != SQLITE_BLOB) {
    throw Corruption("a row of " + table_ + " holds something else than a blob");
  }
  return run.blob(column);
}

}  // namespace vkv
