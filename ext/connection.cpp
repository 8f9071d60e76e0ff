#include "ext/connection.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/printable.h"
#include "core/kv/statement.h"
#include "ext/named_table.h"
#include "ext/table_name.h"

namespace vkv::ext {
namespace {

// Decoded nodes of all tables of one connection.
constexpr std::size_t kNodeCacheBytes = std::size_t{64} << 20;

bool has_table(sqlite3* db, const std::string& schema, const std::string& table) {
  const int code = sqlite3_table_column_metadata(db, schema.c_str(), table.c_str(), nullptr,
                                                 nullptr, nullptr, nullptr, nullptr, nullptr);
  if (code != SQLITE_ERROR) check_sqlite(db, code);
  return code == SQLITE_OK;
}

// The schemas of a connection in the order SQLite looks for an unqualified table.
std::vector<std::string> search_order(sqlite3* db) {
  std::vector<std::string> schemas{"temp", "main"};
  constexpr int first_attached = 2;
  for (int i = first_attached; const char* name = sqlite3_db_name(db, i); ++i) {
    schemas.emplace_back(name);
  }
  return schemas;
}

// Takes note of what other connections did to the schemas since this one last read them, which only
// running a statement does.
void refresh_schemas(sqlite3* db) {
  for (int i = 0; const char* name = sqlite3_db_name(db, i); ++i) {
    execute(db, "SELECT 1 FROM " + quoted_identifier(name) + ".sqlite_schema LIMIT 1");
  }
}

// Preparing a statement on a virtual table connects it.
void connect(sqlite3* db, const std::string& schema, const std::string& table) {
  const std::string sql = "SELECT 1 FROM " + qualified_name(schema, table);
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr);
  sqlite3_finalize(statement);
  check_sqlite(db, code);
}

}  // namespace

Connection::Connection(sqlite3* db) : db_(db), node_cache_(kNodeCacheBytes) {}

Session& Connection::session(std::string_view schema, std::string_view table_id,
                             std::string_view default_branch) {
  std::string key(schema);
  key += '\0';
  key += table_id;
  const auto [entry, is_new] = sessions_.try_emplace(std::move(key));
  if (is_new) entry->second.branch = default_branch;
  return entry->second;
}

Connection::OpenTable* Connection::find_open(const std::string& schema, const std::string& table) {
  const auto found = std::find_if(tables_.rbegin(), tables_.rend(), [&](const OpenTable& open) {
    return same_name(open.table->schema(), schema) && same_name(open.table->name(), table);
  });
  return found == tables_.rend() ? nullptr : &*found;
}

// A statement that was prepared for a table that is gone keeps it open, but does not write to it: a
// table in the transaction has the write lock, and no other connection changes the schema then.
// While nothing holds the schema still there is no telling: whoever then reads finds the table once
// more.
bool Connection::is_current(const OpenTable& open, const std::string& schema) const {
  const auto now = change_stamp(*this, schema);
  if (!now) return true;
  if (!open.current_at || now->epoch != open.current_at->epoch) return false;
  return open.table->hears_savepoints() || now->data_version == open.current_at->data_version;
}

std::shared_ptr<NamedTable> Connection::find(const std::vector<std::string>& schemas,
                                             const std::string& table) {
  const auto holds_table = [&](const auto& schema) { return has_table(db_, schema, table); };
  auto schema = std::find_if(schemas.begin(), schemas.end(), holds_table);
  if (schema == schemas.end()) {
    refresh_schemas(db_);
    schema = std::find_if(schemas.begin(), schemas.end(), holds_table);
  }
  if (schema == schemas.end()) return nullptr;
  const OpenTable* const known = find_open(*schema, table);
  if (known != nullptr && is_current(*known, *schema)) return known->table;
  connect(db_, *schema, table);
  OpenTable* const open = find_open(*schema, table);
  if (open == nullptr) throw InvalidArgument("table " + printable(table) + " is not a vkv table");
  open->current_at = change_stamp(*this, *schema);
  return open->table;
}

std::shared_ptr<NamedTable> Connection::named_table(std::string_view name) {
  const TableName wanted = parse_table_name(name);
  auto found =
      wanted.schema ? find({*wanted.schema}, wanted.table) : find(search_order(db_), wanted.table);
  if (!found) throw InvalidArgument("there is no table " + printable(name));
  return found;
}

std::shared_ptr<NamedTable> Connection::named_table_seen_from(const std::string& schema,
                                                              const std::string& name) {
  return same_name(schema, "temp") ? find(search_order(db_), name) : find({schema}, name);
}

// What another object of the same table has staged must be there for this one.
void Connection::opened(const std::shared_ptr<NamedTable>& table) {
  buffers_.write_out();
  tables_.push_back({table, {}});
  bump_epoch();
}

void Connection::closed(const NamedTable* table) {
  std::erase_if(tables_, [table](const OpenTable& open) { return open.table.get() == table; });
  bump_epoch();
}

}  // namespace vkv::ext
