#include "ext/table_module.h"

#include <new>

#include "ext/guard.h"
#include "ext/key_query.h"
#include "ext/last_insert_rowid.h"
#include "ext/table_cursor.h"
#include "ext/table_lifecycle.h"
#include "ext/table_update.h"
#include "ext/versioned_table.h"

namespace vkv::ext {
namespace {

struct OpenCursor : sqlite3_vtab_cursor {
  explicit OpenCursor(VersionedTable& table) : sqlite3_vtab_cursor{}, cursor(table) {}

  TableCursor cursor;
};

struct OpenTable : sqlite3_vtab {
  explicit OpenTable(std::shared_ptr<VersionedTable> t) : sqlite3_vtab{}, table(std::move(t)) {}

  std::shared_ptr<VersionedTable> table;
  int cursors = 0;  // in use
  std::unique_ptr<OpenCursor>
      spare;  // every statement opens one: a closed one is kept for the next
};

OpenTable& opened(sqlite3_vtab* vtab) { return *static_cast<OpenTable*>(vtab); }
TableCursor& opened(sqlite3_vtab_cursor* cursor) {
  return static_cast<OpenCursor*>(cursor)->cursor;
}

void replace_message(char** message, const Failure& failure) noexcept {
  if (failure.message.empty()) return;
  sqlite3_free(*message);
  *message = sqlite3_mprintf("%s", failure.message.c_str());
}

// Runs body(OpenTable&) -> int; a failure's message becomes the table's.
template <typename Body>
int guard_table(sqlite3_vtab* vtab, Body&& body) noexcept {
  return guard([&] { return body(opened(vtab)); },
               [vtab](const Failure& failure) { replace_message(&vtab->zErrMsg, failure); });
}

// Runs body(TableCursor&) -> void.
template <typename Body>
int guard_cursor(sqlite3_vtab_cursor* cursor, Body&& body) noexcept {
  return guard_table(cursor->pVtab, [&](OpenTable&) {
    body(opened(cursor));
    return SQLITE_OK;
  });
}

// argv: the module, the schema, the table, then the arguments of CREATE VIRTUAL TABLE.
constexpr int kSchema = 1;
constexpr int kTable = 2;
constexpr int kFirstArgument = 3;

int open_table(sqlite3* db, const std::shared_ptr<Connection>& connection, const char* const* argv,
               sqlite3_vtab** vtab) {
  check_sqlite(db, sqlite3_declare_vtab(db, kTableDeclaration));
  check_sqlite(db, sqlite3_vtab_config(db, SQLITE_VTAB_CONSTRAINT_SUPPORT, 1));
  check_sqlite(db, sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS));
  auto opened = std::make_unique<OpenTable>(
      std::make_shared<VersionedTable>(connection, argv[kSchema], argv[kTable]));
  connection->opened(opened->table);
  *vtab = opened.release();
  return SQLITE_OK;
}

void close_table(sqlite3_vtab* vtab) {
  const std::unique_ptr<OpenTable> closing(&opened(vtab));
  closing->spare.reset();
  closing->table->finalize_statements();
  closing->table->connection().closed(closing->table.get());
}

const std::shared_ptr<Connection>& connection_of(void* user_data) {
  return *static_cast<std::shared_ptr<Connection>*>(user_data);
}

// Reads nothing: a table that is damaged can still be dropped.
int connect(sqlite3* db, void* user_data, int, const char* const* argv, sqlite3_vtab** vtab,
            char** message) noexcept {
  return guard([&] { return open_table(db, connection_of(user_data), argv, vtab); },
               [message](const Failure& failure) { replace_message(message, failure); });
}

int create(sqlite3* db, void* user_data, int argc, const char* const* argv, sqlite3_vtab** vtab,
           char** message) noexcept {
  return guard(
      [&] {
        const auto given = static_cast<std::size_t>(argc - kFirstArgument);
        const auto arguments = parse_table_arguments({argv + kFirstArgument, given});
        const KeepLastInsertRowid keep(db);
        create_shadow_tables(db, argv[kSchema], argv[kTable], arguments);
        return open_table(db, connection_of(user_data), argv, vtab);
      },
      [message](const Failure& failure) { replace_message(message, failure); });
}

int disconnect(sqlite3_vtab* vtab) noexcept {
  return guard_table(vtab, [](OpenTable& table) {
    close_table(&table);
    return SQLITE_OK;
  });
}

int destroy(sqlite3_vtab* vtab) noexcept {
  return guard_table(vtab, [](OpenTable& table) {
    VersionedTable& dropped = *table.table;
    drop_shadow_tables(dropped.connection().db(), dropped.schema(), dropped.name());
    close_table(&table);
    return SQLITE_OK;
  });
}

int best_index(sqlite3_vtab* vtab, sqlite3_index_info* info) noexcept {
  return guard_table(vtab, [info](OpenTable& table) {
    plan_by_key(*info, static_cast<int>(TableColumn::key), table.table->estimated_rows());
    return SQLITE_OK;
  });
}

int open(sqlite3_vtab* vtab, sqlite3_vtab_cursor** cursor) noexcept {
  return guard_table(vtab, [cursor](OpenTable& table) {
    auto opened = table.spare ? std::move(table.spare) : std::make_unique<OpenCursor>(*table.table);
    *cursor = opened.release();
    ++table.cursors;
    return SQLITE_OK;
  });
}

int close(sqlite3_vtab_cursor* cursor) noexcept {
  return guard_table(cursor->pVtab, [cursor](OpenTable& table) {
    std::unique_ptr<OpenCursor> closing(static_cast<OpenCursor*>(cursor));
    closing->cursor.close();
    if (!table.spare) table.spare = std::move(closing);
    --table.cursors;
    return SQLITE_OK;
  });
}

int filter(sqlite3_vtab_cursor* cursor, int flags, const char* operators, int argc,
           sqlite3_value** argv) noexcept {
  return guard_cursor(cursor, [&](TableCursor& opened) {
    opened.filter(operators == nullptr ? "" : operators, (flags & kDescending) != 0,
                  {argv, static_cast<std::size_t>(argc)});
  });
}

int next(sqlite3_vtab_cursor* cursor) noexcept {
  return guard_cursor(cursor, [](TableCursor& opened) { opened.next(); });
}

int eof(sqlite3_vtab_cursor* cursor) noexcept { return opened(cursor).at_end(); }

// A value that an UPDATE leaves alone is not fetched: xUpdate sees that it is missing.
int column(sqlite3_vtab_cursor* cursor, sqlite3_context* context, int column) noexcept {
  return guard_cursor(cursor, [=](TableCursor& opened) {
    if (column == static_cast<int>(TableColumn::key)) {
      set_result(context, {ValueType::text, opened.key()});
    } else if (column == static_cast<int>(TableColumn::value) && !sqlite3_vtab_nochange(context)) {
      opened.set_value(context);
    }
  });
}

int update(sqlite3_vtab* vtab, int argc, sqlite3_value** argv, sqlite3_int64* rowid) noexcept {
  return guard_table(vtab, [&](OpenTable& table) {
    sqlite3* const db = table.table->connection().db();
    const KeepLastInsertRowid keep(db);
    *rowid = keep.rowid();
    const int code = update_table(*table.table, {argv, static_cast<std::size_t>(argc)},
                                  sqlite3_vtab_on_conflict(db));
    if (code == SQLITE_OK) table.table->expect_counted_row();
    return code;
  });
}

int sync(sqlite3_vtab* vtab) noexcept {
  return guard_table(vtab, [](OpenTable& table) {
    table.table->about_to_commit();
    return SQLITE_OK;
  });
}

int commit(sqlite3_vtab* vtab) noexcept {
  return guard_table(vtab, [](OpenTable& table) {
    table.table->committed();
    return SQLITE_OK;
  });
}

int do_nothing(sqlite3_vtab*) noexcept { return SQLITE_OK; }
int do_nothing_at(sqlite3_vtab*, int) noexcept { return SQLITE_OK; }

int rollback(sqlite3_vtab* vtab) noexcept {
  opened(vtab).table->connection().bump_epoch();
  return SQLITE_OK;
}

int rollback_to(sqlite3_vtab* vtab, int) noexcept { return rollback(vtab); }

int rename(sqlite3_vtab* vtab, const char* name) noexcept {
  return guard_table(vtab, [name](OpenTable& table) {
    VersionedTable& renamed = *table.table;
    if (table.cursors > 0 || renamed.has_readers()) {
      throw StorageError(SQLITE_LOCKED, "table " + renamed.name() + " is being read");
    }
    table.spare.reset();
    rename_shadow_tables(renamed.connection().db(), renamed.schema(), renamed.name(), name);
    renamed.renamed(name);
    return SQLITE_OK;
  });
}

int is_shadow_name(const char* suffix) noexcept { return is_shadow_suffix(suffix); }

// Staged rows are in shadow tables, so a transaction is SQLite's business; what the callbacks for
// one tell is when something was undone. SQLite reports that only to modules that have all of them.
constexpr sqlite3_module kModule = {
    .iVersion = 3,
    .xCreate = create,
    .xConnect = connect,
    .xBestIndex = best_index,
    .xDisconnect = disconnect,
    .xDestroy = destroy,
    .xOpen = open,
    .xClose = close,
    .xFilter = filter,
    .xNext = next,
    .xEof = eof,
    .xColumn = column,
    .xRowid = nullptr,
    .xUpdate = update,
    .xBegin = do_nothing,
    .xSync = sync,
    .xCommit = commit,
    .xRollback = rollback,
    .xFindFunction = nullptr,
    .xRename = rename,
    .xSavepoint = do_nothing_at,
    .xRelease = do_nothing_at,
    .xRollbackTo = rollback_to,
    .xShadowName = is_shadow_name,
};

void release(void* user_data) noexcept {
  delete static_cast<std::shared_ptr<Connection>*>(user_data);
}

}  // namespace

int register_table_module(const std::shared_ptr<Connection>& connection) {
  return sqlite3_create_module_v2(connection->db(), "vkv", &kModule,
                                  new std::shared_ptr<Connection>(connection), release);
}

}  // namespace vkv::ext
