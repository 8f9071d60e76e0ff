#include "ext/function_call.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/printable.h"
#include "ext/command.h"
#include "ext/sql_value.h"

namespace vkv::ext {

VersionedTable& FunctionCall::table() {
  if (named_) return *view_.table;
  // The statement that calls outlives this.
  auto named = reader_.read(connection_, table_name_, ViewReader::Moment::of_any_statement);
  view_ = named->latest();
  admit(*view_.table);
  named_ = std::move(named);
  return *view_.table;
}

VersionedTable& FunctionCall::table_to_write() {
  VersionedTable& table = this->table();
  named_->require_writable();
  return table;
}

void FunctionCall::admit(VersionedTable& table) const {
  if (!function_.works_on_live_tables) table.require_versions();
}

void FunctionCall::write(const std::function<void(VersionedTable&)>& body, IsOneStep* is_one_step) {
  // Whoever holds a snapshot may not write once another connection has.
  reader_.release();
  named_.reset();
  const auto run = [&](const TableView& view) {
    admit(*view.table);
    view_ = view;
    body(*view.table);
  };
  run_command(connection_, table_name_, run, is_one_step);
}

void FunctionCall::refuse_while_writing() const {
  sqlite3* const db = connection_.db();
  for (auto* s = sqlite3_next_stmt(db, nullptr); s != nullptr; s = sqlite3_next_stmt(db, s)) {
    if (sqlite3_stmt_busy(s) == 0 || sqlite3_stmt_readonly(s) != 0) continue;
    throw InvalidArgument("a statement of this connection is writing; it must end first");
  }
}

void FunctionCall::refuse_unless_movable() {
  refuse_while_writing();
  if (!table().is_pinned()) return;
  throw InvalidArgument("view " + printable(table_name_) +
                        " stays where it is; its store can be moved");
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
