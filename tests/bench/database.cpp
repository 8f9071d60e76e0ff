#include "tests/bench/database.h"

#include <stdexcept>

namespace vkv::bench {
namespace {

void check(sqlite3* handle, int code, const std::string& what) {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
  throw std::runtime_error(what + ": " + sqlite3_errmsg(handle));
}

}  // namespace

Database::Database(const std::filesystem::path& file) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open(file.c_str(), &handle);
  handle_.reset(handle);
  check(handle, code, file);
}

void Database::load_extension(const std::filesystem::path& extension) {
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, nullptr);
  char* message = nullptr;
  if (sqlite3_load_extension(handle(), extension.c_str(), nullptr, &message) == SQLITE_OK) return;
  const std::string text = message != nullptr ? message : "cannot load";
  sqlite3_free(message);
  throw std::runtime_error(extension.string() + ": " + text);
}

void Database::execute(const std::string& sql) {
  check(handle(), sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr), sql);
}

std::int64_t Database::integer(const std::string& sql) {
  Query query(*this, sql);
  if (!query.step()) throw std::runtime_error(sql + ": no row");
  return query.integer(0);
}

Query::Query(const Database& database, const std::string& sql) {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(database.handle(), sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT,
                                      &handle, nullptr);
  handle_.reset(handle);
  check(database.handle(), code, sql);
}

Query& Query::bind(int parameter, std::string_view text) {
  sqlite3_bind_text(handle_.get(), parameter, text.data(), static_cast<int>(text.size()),
                    SQLITE_STATIC);
  return *this;
}

Query& Query::bind_blob(int parameter, std::string_view bytes) {
  sqlite3_bind_blob64(handle_.get(), parameter, bytes.data(), bytes.size(), SQLITE_STATIC);
  return *this;
}

bool Query::step() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  check(sqlite3_db_handle(handle_.get()), code, sqlite3_sql(handle_.get()));
  reset();
  return false;
}

std::uint64_t Query::run() {
  std::uint64_t rows = 0;
  while (step()) ++rows;
  return rows;
}

std::string_view Query::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_.get(), column));
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

Transaction::~Transaction() {
  if (open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

}  // namespace vkv::bench
