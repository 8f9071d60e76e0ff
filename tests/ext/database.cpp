#include "tests/ext/database.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "ext/functions.h"
#include "ext/named_table.h"
#include "ext/table_functions.h"
#include "ext/table_module.h"
#include "ext/versioned_table.h"

namespace vkv::ext::testing {
namespace {

std::string shown(sqlite3_stmt* statement, int column) {
  const auto text = [&] {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
    return std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
  };
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
      return "NULL";
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
      return "x'" + to_hex({size > 0 ? bytes : "", size}) + "'";
    }
    default:
      return text();
  }
}

}  // namespace

Database::Database(const std::string& path, int flags) {
  const int code = sqlite3_open_v2(path.c_str(), &db_, flags, nullptr);
  if (code != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(db_));
  connection_ = std::make_shared<Connection>(db_);
  EXPECT_EQ(register_table_module(connection_), SQLITE_OK);
  EXPECT_EQ(register_table_functions(db_, connection_), SQLITE_OK);
  EXPECT_EQ(register_functions(connection_), SQLITE_OK);
}

Database::~Database() { EXPECT_EQ(sqlite3_close(db_), SQLITE_OK); }

void Database::run(const std::string& sql) {
  const Outcome outcome = attempt(sql);
  EXPECT_EQ(outcome.code, SQLITE_OK) << sql << "\n" << outcome.message;
}

Outcome Database::attempt(const std::string& sql) {
  if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return {sqlite3_extended_errcode(db_), sqlite3_errmsg(db_)};
}

std::string Database::rows(const std::string& sql) { return Query(*this, sql).rest(); }

void Database::commit(const std::string& table) {
  Query commit(*this, "SELECT vkv_commit(?1, NULL, '{\"time\":null}')");
  commit.bind(1, table);
  EXPECT_EQ(commit.step().size(), 2 * Hash::kSize);
}

Query::Query(const Database& database, const std::string& sql) {
  if (sqlite3_prepare_v2(database.get(), sql.c_str(), -1, &statement_, nullptr) != SQLITE_OK) {
    ADD_FAILURE() << sql << "\n" << sqlite3_errmsg(database.get());
  }
}

void Query::bind(int parameter, const std::string& text) {
  EXPECT_EQ(sqlite3_bind_text(statement_, parameter, text.data(), static_cast<int>(text.size()),
                              SQLITE_TRANSIENT),
            SQLITE_OK);
}

std::string Query::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_DONE) return "end";
  if (code != SQLITE_ROW) {
    return std::string("error: ") + sqlite3_errmsg(sqlite3_db_handle(statement_));
  }
  std::string row;
  for (int i = 0; i < sqlite3_column_count(statement_); ++i) {
    row += (i > 0 ? "|" : "") + shown(statement_, i);
  }
  return row;
}

std::string Query::rest() {
  std::string rows;
  for (std::string row = step(); row != "end"; row = step()) {
    rows += (rows.empty() ? "" : " ") + row;
    if (row.starts_with("error: ")) break;
  }
  return rows;
}

}  // namespace vkv::ext::testing
