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

// While one lives, a command's statement runs.
class Running {
 public:
  explicit Running(StagedBuffers& buffers) : buffers_(buffers) { buffers_.expect_command(); }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() { buffers_.command_ended(); }

 private:
  StagedBuffers& buffers_;
};

}  // namespace

void run_command(Connection& connection, std::string_view table_name,
                 const std::function<void(const TableView&)>& body) {
  sqlite3* const db = connection.db();
  Command command{body, nullptr};
  const KeepLastInsertRowid keep(db);
  const auto insert = prepare_insert(db, *connection.named_table(table_name));
  check_sqlite(db, sqlite3_bind_pointer(insert.get(), 1, &command, Command::kPointerType, nullptr));
  const Running running(connection.buffers());
  const int code = sqlite3_step(insert.get());
  if (command.error != nullptr) std::rethrow_exception(command.error);
  check_sqlite(db, code);
}

}  // namespace vkv::ext
