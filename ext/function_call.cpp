#include "ext/function_call.h"

#include <algorithm>

#include "core/base/error.h"
#include "ext/command.h"
#include "ext/sql_value.h"

namespace vkv::ext {

VersionedTable& FunctionCall::table() {
  if (table_) return *table_;
  table_ = connection_.table(table_name_);
  // The statement that calls may hold one already, and outlives this.
  if (sqlite3_txn_state(connection_.db(), table_->schema().c_str()) == SQLITE_TXN_NONE) {
    snapshot_.emplace(connection_.db(), table_->schema());
  }
  admit(*table_);
  return *table_;
}

void FunctionCall::admit(VersionedTable& table) const {
  if (!function_.works_on_live_tables) table.require_versions();
}

void FunctionCall::write(const std::function<void(VersionedTable&)>& body) {
  // Whoever holds a snapshot may not write once another connection has.
  snapshot_.reset();
  table_.reset();
  run_command(connection_, table_name_, [&](VersionedTable& table) {
    admit(table);
    body(table);
  });
}

void FunctionCall::refuse_while_writing() const {
  sqlite3* const db = connection_.db();
  for (auto* s = sqlite3_next_stmt(db, nullptr); s != nullptr; s = sqlite3_next_stmt(db, s)) {
    if (sqlite3_stmt_busy(s) == 0 || sqlite3_stmt_readonly(s) != 0) continue;
    throw InvalidArgument("a statement of this connection is writing; it must end first");
  }
}

Hash FunctionCall::move_session(Session to) {
  VersionedTable& table = this->table();
  Session& session = table.session();
  Session from = session;
  to.moves = from.moves + 1;
  to.last_merge = from.last_merge;
  session = std::move(to);
  try {
    return table.state().base;
  } catch (...) {
    from.moves = session.moves + 1;
    session = std::move(from);
    throw;
  }
}

void FunctionCall::answer(std::string_view text) {
  sqlite3_result_text64(context_, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void FunctionCall::answer(std::int64_t integer) { sqlite3_result_int64(context_, integer); }

void FunctionCall::answer(ValueView value) { set_result(context_, value); }

std::span<const char* const> Function::names() const {
  const auto end = std::find(parameters.begin(), parameters.end(), nullptr);
  return {parameters.data(), static_cast<std::size_t>(end - parameters.begin())};
}

}  // namespace vkv::ext
