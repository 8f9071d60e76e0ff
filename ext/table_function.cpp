#include "ext/table_function.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "ext/guard.h"
#include "ext/key_query.h"

namespace vkv::ext {
namespace {

// What a module is registered with.
struct Module {
  const TableFunction& function;
  std::shared_ptr<Connection> connection;
};

struct OpenTable : sqlite3_vtab {
  explicit OpenTable(const Module& m) : sqlite3_vtab{}, module(m) {}

  const Module& module;
};

struct FreeValue {
  void operator()(sqlite3_value* value) const { sqlite3_value_free(value); }
};
using OwnValue = std::unique_ptr<sqlite3_value, FreeValue>;

struct OpenCursor : sqlite3_vtab_cursor {
  explicit OpenCursor(const Module& m) : sqlite3_vtab_cursor{}, module(m) {}

  const Module& module;
  // One for each parameter; null when not given.
  std::vector<OwnValue> owned;
  std::vector<sqlite3_value*> arguments;
  std::shared_ptr<NamedTable> named;
  // Kept from one call to the next: a statement sees one moment.
  ViewReader reader;
  std::unique_ptr<RowSource> source;
  unsigned long long epoch = 0;  // the connection's, when the call began
  bool at_row = false;
  sqlite3_int64 row = 0;
};

OpenTable& opened(sqlite3_vtab* table) { return *static_cast<OpenTable*>(table); }
OpenCursor& opened(sqlite3_vtab_cursor* cursor) { return *static_cast<OpenCursor*>(cursor); }

void set_message(sqlite3_vtab* table, const Failure& failure) noexcept {
  if (failure.message.empty()) return;
  sqlite3_free(table->zErrMsg);
  table->zErrMsg =
      sqlite3_mprintf("%s: %s", opened(table).module.function.name, failure.message.c_str());
}

// Runs body(OpenCursor&) -> void.
template <typename Body>
int guard_cursor(sqlite3_vtab_cursor* cursor, const Body& body) noexcept {
  return guard(
      [&] {
        body(opened(cursor));
        return SQLITE_OK;
      },
      [cursor](const Failure& failure) { set_message(cursor->pVtab, failure); });
}

// Runs read(), which reads on. What was rolled back meanwhile is not damaged.
template <typename Read>
void read_on(const OpenCursor& cursor, const Read& read) {
  try {
    read();
  } catch (const Corruption&) {
    if (cursor.epoch == cursor.module.connection->epoch()) throw;
    throw StorageError(SQLITE_ABORT_ROLLBACK, sqlite3_errstr(SQLITE_ABORT_ROLLBACK));
  }
}

// As a table: the columns, then a hidden one for each parameter. Rows are told apart by the first
// column and the arguments without which there is no call.
std::string declaration(const TableFunction& function) {
  std::string sql = "CREATE TABLE x(";
  for (const char* column : function.columns) sql += std::string(column) + ", ";
  std::string key;
  for (std::size_t i = 0; i < function.parameters.size(); ++i) {
    const std::string name = quoted_identifier(function.parameters[i]);
    sql += (i > 0 ? ", " : "") + name + " HIDDEN";
    if (i < function.required) key += ", " + name;
  }
  if (!function.unique_first_column) return sql + ")";
  const std::string_view first = function.columns[0];
  return sql + ", PRIMARY KEY(" + std::string(first.substr(0, first.find(' '))) + key +
         ")) WITHOUT ROWID";
}

int connect(sqlite3* db, void* user_data, int, const char* const*, sqlite3_vtab** table,
            char** message) noexcept {
  return guard(
      [&] {
        const auto& module = *static_cast<const Module*>(user_data);
        check_sqlite(db, sqlite3_declare_vtab(db, declaration(module.function).c_str()));
        check_sqlite(db, sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS));
        *table = std::make_unique<OpenTable>(module).release();
        return SQLITE_OK;
      },
      [message](const Failure& failure) {
        *message = sqlite3_mprintf("%s", failure.message.c_str());
      });
}

int disconnect(sqlite3_vtab* table) noexcept {
  delete &opened(table);
  return SQLITE_OK;
}

// For each parameter the constraint that gives its argument. Absent altogether when one exists but
// cannot be used: then only another plan will do.
std::optional<std::vector<std::optional<int>>> given_arguments(const TableFunction& function,
                                                               const sqlite3_index_info& info) {
  std::vector<std::optional<int>> given(function.parameters.size());
  std::vector<bool> unusable(function.parameters.size());
  for (int i = 0; i < info.nConstraint; ++i) {
    const auto& constraint = info.aConstraint[i];
    const int parameter = constraint.iColumn - static_cast<int>(function.columns.size());
    if (parameter < 0 || constraint.op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
    const auto p = static_cast<std::size_t>(parameter);
    if (!constraint.usable) {
      unusable[p] = true;
    } else if (!given[p]) {
      given[p] = i;
    }
  }
  for (std::size_t p = 0; p < given.size(); ++p) {
    if (!given[p] && unusable[p]) return {};
  }
  return given;
}

// idxNum: what plan_by_key() leaves there, and above it a bit for each argument given. xFilter gets
// the arguments, then what the plan by key needs.
constexpr int kFirstArgumentBit = 1;
static_assert(kDescending < 1 << kFirstArgumentBit);

int argument_bit(std::size_t parameter) {
  return 1 << (kFirstArgumentBit + static_cast<int>(parameter));
}

// Without an argument that is required there is no answer, which xFilter says. Not so here: SQLite
// also asks about parts of a query, such as one side of an OR.
constexpr double kNoAnswerCost = 1e99;

bool is_complete(const TableFunction& function, const std::vector<std::optional<int>>& given) {
  return std::all_of(given.begin(), given.begin() + static_cast<std::ptrdiff_t>(function.required),
                     [](const auto& argument) { return argument.has_value(); });
}

void make_plan(const TableFunction& function, sqlite3_index_info& info,
               const std::vector<std::optional<int>>& given) {
  int bits = 0;
  int next = 1;
  for (std::size_t p = 0; p < given.size(); ++p) {
    if (!given[p]) continue;
    auto& usage = info.aConstraintUsage[*given[p]];
    usage.argvIndex = next++;
    usage.omit = 1;
    bits |= argument_bit(p);
  }
  info.estimatedCost = function.rows;
  info.estimatedRows = static_cast<sqlite3_int64>(function.rows);
  if (function.keys != TableFunction::Keys::no) plan_by_key(info, 0, function.rows, next);
  if (function.keys == TableFunction::Keys::ascending && (info.idxNum & kDescending) != 0) {
    info.idxNum &= ~kDescending;
    info.orderByConsumed = 0;
  }
  info.idxNum |= bits;
  if (!is_complete(function, given)) info.estimatedCost = kNoAnswerCost;
}

int best_index(sqlite3_vtab* table, sqlite3_index_info* info) noexcept {
  return guard(
      [&] {
        const TableFunction& function = opened(table).module.function;
        const auto given = given_arguments(function, *info);
        if (!given) return SQLITE_CONSTRAINT;
        make_plan(function, *info, *given);
        return SQLITE_OK;
      },
      [table](const Failure& failure) { set_message(table, failure); });
}

int open(sqlite3_vtab* table, sqlite3_vtab_cursor** cursor) noexcept {
  return guard(
      [&] {
        *cursor = std::make_unique<OpenCursor>(opened(table).module).release();
        return SQLITE_OK;
      },
      [table](const Failure& failure) { set_message(table, failure); });
}

int close(sqlite3_vtab_cursor* cursor) noexcept {
  delete &opened(cursor);
  return SQLITE_OK;
}

// Keeps the arguments among `values`; returns how many they are.
std::size_t keep_arguments(OpenCursor& cursor, int bits, sqlite3_value** values) {
  const TableFunction& function = cursor.module.function;
  const std::size_t parameters = function.parameters.size();
  cursor.owned.clear();
  cursor.arguments.assign(parameters, nullptr);
  std::size_t next = 0;
  for (std::size_t p = 0; p < parameters; ++p) {
    if ((bits & argument_bit(p)) == 0) {
      if (p >= function.required) continue;
      throw InvalidArgument(Arguments({}, function.parameters).label(p) + " is missing");
    }
    cursor.owned.emplace_back(sqlite3_value_dup(values[next++]));
    if (cursor.owned.back() == nullptr) throw std::bad_alloc();
    cursor.arguments[p] = cursor.owned.back().get();
  }
  return next;
}

void open_source(OpenCursor& cursor) {
  const Module& module = cursor.module;
  const Arguments arguments(cursor.arguments, module.function.parameters);
  cursor.named = cursor.reader.read(*module.connection, arguments.text(0), ViewReader::Moment::own);
  const TableView& view = cursor.named->latest();
  view.table->require_versions();
  cursor.epoch = module.connection->epoch();
  cursor.source = module.function.open({view, arguments});
}

void advance(OpenCursor& cursor) {
  cursor.at_row = false;
  cursor.at_row = cursor.source->next();
  ++cursor.row;
}

int filter(sqlite3_vtab_cursor* opened_cursor, int plan, const char* operators, int count,
           sqlite3_value** values) noexcept {
  return guard_cursor(opened_cursor, [&](OpenCursor& cursor) {
    cursor.at_row = false;
    cursor.row = 0;
    cursor.source.reset();
    const std::size_t arguments = keep_arguments(cursor, plan, values);
    open_source(cursor);
    if (cursor.module.function.keys != TableFunction::Keys::no) {
      const std::span all(values, static_cast<std::size_t>(count));
      cursor.source->start({.operators = operators == nullptr ? "" : operators,
                            .descending = (plan & kDescending) != 0,
                            .values = all.subspan(arguments)});
    }
    advance(cursor);
  });
}

int next(sqlite3_vtab_cursor* cursor) noexcept {
  return guard_cursor(cursor,
                      [](OpenCursor& opened) { read_on(opened, [&opened] { advance(opened); }); });
}

int eof(sqlite3_vtab_cursor* cursor) noexcept { return !opened(cursor).at_row; }

int column(sqlite3_vtab_cursor* cursor, sqlite3_context* context, int column) noexcept {
  return guard_cursor(cursor, [=](OpenCursor& opened) {
    const auto i = static_cast<std::size_t>(column);
    const std::size_t visible = opened.module.function.columns.size();
    if (i < visible) {
      read_on(opened, [&] { opened.source->column(context, column); });
    } else if (sqlite3_value* argument = opened.arguments[i - visible]) {
      sqlite3_result_value(context, argument);
    }
  });
}

int rowid(sqlite3_vtab_cursor* cursor, sqlite3_int64* rowid) noexcept {
  *rowid = opened(cursor).row;
  return SQLITE_OK;
}

// Without xCreate: the table exists under the function's name, and cannot be created under others.
constexpr sqlite3_module kModule = {
    .iVersion = 0,
    .xCreate = nullptr,
    .xConnect = connect,
    .xBestIndex = best_index,
    .xDisconnect = disconnect,
    .xDestroy = nullptr,
    .xOpen = open,
    .xClose = close,
    .xFilter = filter,
    .xNext = next,
    .xEof = eof,
    .xColumn = column,
    .xRowid = rowid,
    .xUpdate = nullptr,
    .xBegin = nullptr,
    .xSync = nullptr,
    .xCommit = nullptr,
    .xRollback = nullptr,
    .xFindFunction = nullptr,
    .xRename = nullptr,
    .xSavepoint = nullptr,
    .xRelease = nullptr,
    .xRollbackTo = nullptr,
    .xShadowName = nullptr,
};

void release(void* user_data) noexcept { delete static_cast<Module*>(user_data); }

}  // namespace

int register_table_function(sqlite3* db, const TableFunction& function,
                            const std::shared_ptr<Connection>& connection) {
  return sqlite3_create_module_v2(db, function.name, &kModule, new Module{function, connection},
                                  release);
}

}  // namespace vkv::ext
