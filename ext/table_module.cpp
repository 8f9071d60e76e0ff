#include "ext/table_module.h"

#include <new>

#include "ext/guard.h"
#include "ext/key_query.h"
#include "ext/last_insert_rowid.h"
#include "ext/named_table.h"
#include "ext/table_cursor.h"
#include "ext/table_lifecycle.h"
#include "ext/table_update.h"

namespace vkv::ext {
namespace {

struct OpenCursor : sqlite3_vtab_cursor {
  explicit OpenCursor(NamedTable& named) : sqlite3_vtab_cursor{} {
    if (!named.is_view()) cursor.emplace(*named.own_table());
  }

  // Of a view: what it shows at the moment.
  void read_view(NamedTable& named) {
    cursor.reset();
    const TableView& view = reader.read(named, ViewReader::Moment::of_its_statement);
    cursor.emplace(*view.table, view.prefix);
  }

  ViewReader reader;
  std::optional<TableCursor> cursor;
};

struct OpenTable : sqlite3_vtab {
  explicit OpenTable(std::shared_ptr<NamedTable> t) : sqlite3_vtab{}, named(std::move(t)) {}

  Connection& connection() const { return named->connection(); }

  std::shared_ptr<NamedTable> named;
  int cursors = 0;  // in use
  // Every statement opens one: of a table, a closed one is kept for the next.
  std::unique_ptr<OpenCursor> spare;
};

OpenTable& opened(sqlite3_vtab* vtab) { return *static_cast<OpenTable*>(vtab); }
TableCursor& opened(sqlite3_vtab_cursor* cursor) {
  return *static_cast<OpenCursor*>(cursor)->cursor;
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

std::shared_ptr<NamedTable> named_table(void* user_data, int argc, const char* const* argv) {
  const auto& connection = *static_cast<std::shared_ptr<Connection>*>(user_data);
  const auto given = static_cast<std::size_t>(argc - kFirstArgument);
  return std::make_shared<NamedTable>(connection, argv[kSchema], argv[kTable],
                                      std::span(argv + kFirstArgument, given));
}

int open_table(sqlite3* db, std::shared_ptr<NamedTable> named, sqlite3_vtab** vtab) {
  check_sqlite(db, sqlite3_declare_vtab(db, kTableDeclaration));
  check_sqlite(db, sqlite3_vtab_config(db, SQLITE_VTAB_CONSTRAINT_SUPPORT, 1));
  check_sqlite(db, sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS));
  auto opened = std::make_unique<OpenTable>(std::move(named));
  opened->connection().opened(opened->named);
  *vtab = opened.release();
  return SQLITE_OK;
}

void close_table(sqlite3_vtab* vtab) {
  const std::unique_ptr<OpenTable> closing(&opened(vtab));
  closing->spare.reset();
  closing->named->close();
  closing->connection().closed(closing->named.get());
}

// Reads nothing: a table that is damaged, or a view without its store, can still be dropped.
int connect(sqlite3* db, void* user_data, int argc, const char* const* argv, sqlite3_vtab** vtab,
            char** message) noexcept {
  return guard([&] { return open_table(db, named_table(user_data, argc, argv), vtab); },
               [message](const Failure& failure) { replace_message(message, failure); });
}

int create(sqlite3* db, void* user_data, int argc, const char* const* argv, sqlite3_vtab** vtab,
           char** message) noexcept {
  return guard(
      [&] {
        const auto given = static_cast<std::size_t>(argc - kFirstArgument);
        const auto arguments = parse_table_arguments({argv + kFirstArgument, given});
        auto named = named_table(user_data, argc, argv);
        if (named->is_view()) {
          named->check_new_view();
        } else {
          const KeepLastInsertRowid keep(db);
          create_shadow_tables(db, argv[kSchema], argv[kTable], arguments);
        }
        return open_table(db, std::move(named), vtab);
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
    const NamedTable& dropped = *table.named;
    dropped.connection().buffers().write_out();
    if (!dropped.is_view()) {
      drop_shadow_tables(dropped.connection().db(), dropped.schema(), dropped.name());
    }
    close_table(&table);
    return SQLITE_OK;
  });
}

int best_index(sqlite3_vtab* vtab, sqlite3_index_info* info) noexcept {
  return guard_table(vtab, [info](OpenTable& table) {
    // A view that was never used tells as little as a table.
    VersionedTable* const latest = table.named->latest().table.get();
    plan_by_key(*info, static_cast<int>(TableColumn::key),
                latest != nullptr ? latest->estimated_rows() : kRowsGuess);
    return SQLITE_OK;
  });
}

int open(sqlite3_vtab* vtab, sqlite3_vtab_cursor** cursor) noexcept {
  return guard_table(vtab, [cursor](OpenTable& table) {
    auto opened = table.spare ? std::move(table.spare) : std::make_unique<OpenCursor>(*table.named);
    *cursor = opened.release();
    ++table.cursors;
    return SQLITE_OK;
  });
}

int close(sqlite3_vtab_cursor* cursor) noexcept {
  return guard_table(cursor->pVtab, [cursor](OpenTable& table) {
    std::unique_ptr<OpenCursor> closing(static_cast<OpenCursor*>(cursor));
    if (!table.named->is_view()) {
      closing->cursor->close();
      if (!table.spare) table.spare = std::move(closing);
    }
    --table.cursors;
    return SQLITE_OK;
  });
}

int filter(sqlite3_vtab_cursor* cursor, int flags, const char* operators, int argc,
           sqlite3_value** argv) noexcept {
  return guard_table(cursor->pVtab, [&](OpenTable& table) {
    if (table.named->is_view()) static_cast<OpenCursor*>(cursor)->read_view(*table.named);
    opened(cursor).filter(operators == nullptr ? "" : operators, (flags & kDescending) != 0,
                          {argv, static_cast<std::size_t>(argc)});
    return SQLITE_OK;
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
    sqlite3* const db = table.connection().db();
    const KeepLastInsertRowid keep(db);
    *rowid = keep.rowid();
    table.connection().buffers().set_open(table.named->hears_savepoints());
    const int code = update_table(*table.named, {argv, static_cast<std::size_t>(argc)},
                                  sqlite3_vtab_on_conflict(db));
    if (code == SQLITE_OK) table.named->latest().table->expect_counted_row();
    return code;
  });
}

int sync(sqlite3_vtab* vtab) noexcept {
  return guard_table(vtab, [](OpenTable& table) {
    table.connection().buffers().write_out();
    if (const auto& latest = table.named->latest().table) latest->about_to_commit();
    return SQLITE_OK;
  });
}

int commit(sqlite3_vtab* vtab) noexcept {
  return guard_table(vtab, [](OpenTable& table) {
    table.connection().buffers().clear();
    table.named->set_hears_savepoints(false);
    if (VersionedTable* own = table.named->own_table()) own->ended();
    if (const auto& latest = table.named->latest().table) latest->committed();
    return SQLITE_OK;
  });
}

int begin(sqlite3_vtab* vtab) noexcept {
  opened(vtab).named->set_hears_savepoints(true);
  if (VersionedTable* own = opened(vtab).named->own_table()) own->began();
  return SQLITE_OK;
}

int savepoint(sqlite3_vtab* vtab, int) noexcept {
  return guard_table(vtab, [](OpenTable& table) {
    table.named->set_hears_savepoints(true);
    table.connection().buffers().write_out();
    return SQLITE_OK;
  });
}

int release_savepoint(sqlite3_vtab*, int) noexcept { return SQLITE_OK; }

int rollback(sqlite3_vtab* vtab) noexcept {
  opened(vtab).connection().buffers().clear();
  opened(vtab).named->set_hears_savepoints(false);
  if (VersionedTable* own = opened(vtab).named->own_table()) own->ended();
  opened(vtab).connection().bump_epoch();
  return SQLITE_OK;
}

int rollback_to(sqlite3_vtab* vtab, int) noexcept {
  opened(vtab).connection().buffers().undo();
  opened(vtab).connection().bump_epoch();
  return SQLITE_OK;
}

int rename(sqlite3_vtab* vtab, const char* name) noexcept {
  return guard_table(vtab, [name](OpenTable& table) {
    NamedTable& renamed = *table.named;
    renamed.connection().buffers().write_out();
    if (!renamed.is_view()) {
      if (table.cursors > 0 || renamed.own_table()->has_readers()) {
        throw StorageError(SQLITE_LOCKED, "table " + renamed.name() + " is being read");
      }
      table.spare.reset();
      rename_shadow_tables(table.connection().db(), renamed.schema(), renamed.name(), name);
    }
    renamed.renamed(name);
    return SQLITE_OK;
  });
}

int is_shadow_name(const char* suffix) noexcept { return is_shadow_suffix(suffix); }

// What is written is in shadow tables, so a transaction is SQLite's business; the callbacks for one
// tell when staged rows must be written, and when something was undone. SQLite reports that only to
// modules that have all of them.
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
    .xBegin = begin,
    .xSync = sync,
    .xCommit = commit,
    .xRollback = rollback,
    .xFindFunction = nullptr,
    .xRename = rename,
    .xSavepoint = savepoint,
    .xRelease = release_savepoint,
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
