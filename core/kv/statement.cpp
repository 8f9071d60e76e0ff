#include "core/kv/statement.h"

#include <cassert>
#include <new>
#include <utility>

#include "core/base/error.h"

namespace vkv {
namespace {

constexpr int kPrimaryCode = 0xff;

// SQLite takes a null pointer for NULL, whatever the size.
const char* non_null(BytesView bytes) { return bytes.data() ? bytes.data() : ""; }

// A column's bytes, of which SQLite answers null for no bytes and for no memory alike.
BytesView view(sqlite3* db, const void* bytes, int size) {
  if (bytes) return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
  if (sqlite3_errcode(db) == SQLITE_NOMEM) throw std::bad_alloc();
  return {};
}

// Whether `handle` is still the statement prepared from `sql`, and not freed memory or somebody
// else's statement in the same place. The latest statements come first, so this mostly ends soon.
bool is_open(sqlite3* db, const sqlite3_stmt* handle, const std::string& sql) {
  sqlite3_stmt* open = sqlite3_next_stmt(db, nullptr);
  while (open && open != handle) open = sqlite3_next_stmt(db, open);
  return open && sql == sqlite3_sql(open);
}

}  // namespace

std::string quoted_identifier(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += c;
    quoted += c;
  }
  return quoted + '"';
}

std::string qualified_name(std::string_view schema, std::string_view table) {
  return quoted_identifier(schema) + '.' + quoted_identifier(table);
}

void check_sqlite(sqlite3* db, int code) {
  const int primary = code & kPrimaryCode;
  if (primary == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
  if (primary == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM) throw std::bad_alloc();
  // Some calls, misuse above all, leave no trace in the connection.
  const int latest = sqlite3_extended_errcode(db);
  if ((latest & kPrimaryCode) != primary) throw StorageError(code, sqlite3_errstr(code));
  if (latest == SQLITE_IOERR_NOMEM) throw std::bad_alloc();
  throw StorageError(latest, sqlite3_errmsg(db));
}

void execute(sqlite3* db, const std::string& sql) {
  check_sqlite(db, sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr));
}

Statement::Statement(sqlite3* db, std::string sql) : db_(db), sql_(std::move(sql)) {}

void Statement::finalize() noexcept {
  sqlite3_stmt* handle = std::exchange(handle_, nullptr);
  if (handle && is_open(db_, handle, sql_)) sqlite3_finalize(handle);
}

Statement::Run::Run(Statement& statement) : db_(statement.db_), handle_(statement.handle_) {
  if (!handle_) {
    check_sqlite(
        db_, sqlite3_prepare_v3(db_, statement.sql_.data(), static_cast<int>(statement.sql_.size()),
                                SQLITE_PREPARE_PERSISTENT | SQLITE_PREPARE_NO_VTAB,
                                &statement.handle_, nullptr));
    handle_ = statement.handle_;
  }
  assert(!sqlite3_stmt_busy(handle_));
}

Statement::Run::~Run() {
  // Repeats the code of a step that failed, which has been thrown already.
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
}

void Statement::Run::bind_int64(int parameter, std::int64_t value) {
  check_sqlite(db_, sqlite3_bind_int64(handle_, parameter, value));
}

void Statement::Run::bind_double(int parameter, double value) {
  check_sqlite(db_, sqlite3_bind_double(handle_, parameter, value));
}

void Statement::Run::bind_text(int parameter, std::string_view value) {
  check_sqlite(db_, sqlite3_bind_text64(handle_, parameter, non_null(value), value.size(),
                                        SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::Run::bind_blob(int parameter, BytesView value) {
  check_sqlite(
      db_, sqlite3_bind_blob64(handle_, parameter, non_null(value), value.size(), SQLITE_STATIC));
}

void Statement::Run::bind_null(int parameter) {
  check_sqlite(db_, sqlite3_bind_null(handle_, parameter));
}

bool Statement::Run::step() {
  const int code = sqlite3_step(handle_);
  check_sqlite(db_, code);
  return code == SQLITE_ROW;
}

int Statement::Run::type(int column) const { return sqlite3_column_type(handle_, column); }

bool Statement::Run::is_null(int column) const { return type(column) == SQLITE_NULL; }

std::int64_t Statement::Run::int64(int column) const {
  return sqlite3_column_int64(handle_, column);
}

std::string_view Statement::Run::text(int column) const {
  const void* bytes = sqlite3_column_text(handle_, column);
  return view(db_, bytes, sqlite3_column_bytes(handle_, column));
}

BytesView Statement::Run::blob(int column) const {
  const void* bytes = sqlite3_column_blob(handle_, column);
  return view(db_, bytes, sqlite3_column_bytes(handle_, column));
}

sqlite3_value* Statement::Run::value(int column) const {
  return sqlite3_column_value(handle_, column);
}

}  // namespace vkv
