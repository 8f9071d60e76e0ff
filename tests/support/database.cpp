#include "tests/support/database.h"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

#include "ext/vkv.h"

namespace vkv::test {
namespace {

constexpr std::size_t kShown = 40;
constexpr std::size_t kIdleStatements = 100;

std::string hex(const std::string& bytes) {
  std::string text;
  for (const char byte : bytes) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned char>(byte));
    text += digits;
  }
  return text;
}

struct Literal {
  std::string operator()(std::monostate) const { return "NULL"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const {
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", value);
    return std::string(text).find_first_of(".en") == std::string::npos ? text + std::string(".0")
                                                                       : text;
  }
  std::string operator()(const std::string& value) const {
    std::string text;
    for (const char c : value.substr(0, kShown)) text += c == '\'' ? "''" : std::string(1, c);
    if (value.size() > kShown) {
      return "'" + text + "…' /* " + std::to_string(value.size()) + " bytes */";
    }
    return "'" + text + "'";
  }
  std::string operator()(const SqlBlob& value) const {
    if (value.bytes.size() > kShown) {
      return "x'" + hex(value.bytes.substr(0, kShown)) + "…' /* " +
             std::to_string(value.bytes.size()) + " bytes */";
    }
    return "x'" + hex(value.bytes) + "'";
  }
};

SqlValue column(sqlite3_stmt* statement, int index) {
  const auto bytes = [&](const void* data) {
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, index));
    return size == 0 ? std::string() : std::string(static_cast<const char*>(data), size);
  };
  switch (sqlite3_column_type(statement, index)) {
    case SQLITE_INTEGER:
      return static_cast<std::int64_t>(sqlite3_column_int64(statement, index));
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, index);
    case SQLITE_TEXT:
      return bytes(sqlite3_column_text(statement, index));
    case SQLITE_BLOB:
      return SqlBlob{bytes(sqlite3_column_blob(statement, index))};
    default:
      return std::monostate{};
  }
}

struct Bind {
  sqlite3_stmt* statement;
  int index;

  void operator()(std::monostate) const { sqlite3_bind_null(statement, index); }
  void operator()(std::int64_t value) const { sqlite3_bind_int64(statement, index, value); }
  void operator()(double value) const { sqlite3_bind_double(statement, index, value); }
  void operator()(const std::string& value) const {
    sqlite3_bind_text64(statement, index, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  void operator()(const SqlBlob& value) const {
    sqlite3_bind_blob64(statement, index, value.bytes.data(), value.bytes.size(), SQLITE_STATIC);
  }
};

}  // namespace

std::string literal(const SqlValue& value) { return std::visit(Literal{}, value); }

std::ostream& operator<<(std::ostream& out, const SqlValue& value) { return out << literal(value); }

std::string difference(const std::vector<SqlRow>& expected, const std::vector<SqlRow>& found) {
  constexpr std::size_t kLongest = 2000;
  std::string text;
  const auto add = [&](const char* what, const std::vector<SqlRow>& rows,
                       const std::vector<SqlRow>& others) {
    for (const SqlRow& row : rows) {
      if (std::find(others.begin(), others.end(), row) != others.end()) continue;
      text += what;
      for (const SqlValue& value : row) text += " " + literal(value);
      text += "\n";
      if (text.size() > kLongest) return;
    }
  };
  add("missing:", expected, found);
  add("unexpected:", found, expected);
  if (text.empty() && expected != found) text = "other order, or another number of equal rows\n";
  return text;
}

std::string Answer::text() const {
  if (!ok()) return "error " + std::to_string(code) + ": " + message;
  const SqlValue first = value();
  const auto* found = std::get_if<std::string>(&first);
  return found != nullptr ? *found : literal(first);
}

Database::Database(const std::string& path, int flags) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) throw std::runtime_error(path + ": " + sqlite3_errmsg(handle));
  if (vkv_register(handle) != SQLITE_OK) {
    throw std::runtime_error(std::string("vkv_register: ") + sqlite3_errmsg(handle));
  }
}

Database::StatementPtr Database::take(const std::string& sql) {
  const auto found = std::find_if(idle_.begin(), idle_.end(),
                                  [&](const auto& entry) { return entry.first == sql; });
  if (found != idle_.end()) {
    StatementPtr statement = std::move(found->second);
    idle_.erase(found);
    return statement;
  }
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(handle(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  return StatementPtr(statement);
}

Answer Database::failure(int code) const { return {code & 0xff, sqlite3_errmsg(handle()), {}}; }

Answer Database::run(const std::string& sql, const std::vector<SqlValue>& parameters) {
  StatementPtr statement = take(sql);
  if (!statement) return failure(sqlite3_errcode(handle()));
  int index = 0;
  for (const SqlValue& value : parameters) std::visit(Bind{statement.get(), ++index}, value);

  Answer answer;
  int code = sqlite3_step(statement.get());
  for (; code == SQLITE_ROW; code = sqlite3_step(statement.get())) {
    SqlRow row;
    for (int i = 0; i < sqlite3_column_count(statement.get()); ++i) {
      row.push_back(column(statement.get(), i));
    }
    answer.rows.push_back(std::move(row));
  }
  if (code != SQLITE_DONE) answer = failure(code);
  sqlite3_reset(statement.get());
  sqlite3_clear_bindings(statement.get());
  idle_.emplace_back(sql, std::move(statement));
  if (idle_.size() > kIdleStatements) idle_.erase(idle_.begin());
  return answer;
}

void Database::must(const std::string& sql) {
  if (sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return;
  throw std::runtime_error(sql + ": " + sqlite3_errmsg(handle()));
}

}  // namespace vkv::test
