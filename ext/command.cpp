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
std::unique_ptr<sqlite3_stmt, Finalize> prepare_insert(sqlite3* db, const NamedTable& table) {
  const std::string sql = "INSERT INTO " + qualified_name(table.schema(), table.name()) +
                          "(key, vkv_command) SELECT '', ?1";
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v2(db, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  check_sqlite(db, code);
  return std::unique_ptr<sqlite3_stmt, Finalize>(statement);
}

}  // namespace

void run_body(const TableView& view, const CommandBody& body) {
  try {
    body(view);
  } catch (...) {
    view.table->invalidate();
    throw;
  }
}

void run_command(Connection& connection, std::string_view table_name, const CommandBody& body,
                 IsOneStep* is_one_step) {
  sqlite3* const db = connection.db();
  const KeepLastInsertRowid keep(db);
  const auto named = connection.named_table(table_name);
  VersionedTable* const own = named->own_table();
  if (is_one_step != nullptr && own != nullptr && named->hears_savepoints() && is_one_step(*own)) {
    return run_body(named->view(), body);
  }
  Command command{body, nullptr};
  const auto insert = prepare_insert(db, *named);
  check_sqlite(db, sqlite3_bind_pointer(insert.get(), 1, &command, Command::kPointerType, nullptr));
  const int code = sqlite3_step(insert.get());
  if (command.error != nullptr) std::rethrow_exception(command.error);
  check_sqlite(db, code);
}

}  // namespace vkv::ext
