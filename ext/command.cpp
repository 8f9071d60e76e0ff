#include "ext/command.h"

#include "core/kv/statement.h"
#include "ext/last_insert_rowid.h"
#include "ext/named_table.h"

namespace vkv::ext {
namespace {

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

// Not a Statement: those are prepared with NO_VTAB.
std::unique_ptr<sqlite3_stmt, Finalize> prepare_insert(sqlite3* db, const NamedTable& table,
                                                       bool has_savepoint) {
  const std::string sql = "INSERT INTO " + qualified_name(table.schema(), table.name()) +
                          "(key, vkv_command) " +
                          (has_savepoint ? "SELECT '', ?1" : "VALUES('', ?1)");
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v2(db, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  check_sqlite(db, code);
  return std::unique_ptr<sqlite3_stmt, Finalize>(statement);
}

}  // namespace

void run_command(Connection& connection, std::string_view table_name,
                 const std::function<void(const TableView&)>& body, IsOneStep* is_one_step) {
  sqlite3* const db = connection.db();
  Command command{body, nullptr};
  const KeepLastInsertRowid keep(db);
  const auto named = connection.named_table(table_name);
  VersionedTable* const own = named->own_table();
  const bool one_step =
      is_one_step != nullptr && own != nullptr && named->hears_savepoints() && is_one_step(*own);
  const auto insert = prepare_insert(db, *named, !one_step);
  check_sqlite(db, sqlite3_bind_pointer(insert.get(), 1, &command, Command::kPointerType, nullptr));
  const int code = sqlite3_step(insert.get());
  if (command.error != nullptr) std::rethrow_exception(command.error);
  check_sqlite(db, code);
}

}  // namespace vkv::ext
