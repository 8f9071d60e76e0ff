// The arguments of xUpdate for a table without rowids: DELETE has the old key alone; the others
// have the old key (INSERT: NULL), the new one, then every column.
#include "ext/table_update.h"

#include "core/base/error.h"
#include "core/base/printable.h"
#include "ext/command.h"
#include "ext/guard.h"
#include "ext/key_text.h"
#include "ext/sql_value.h"

namespace vkv::ext {
namespace {

using OnExisting = VersionedTable::OnExisting;

constexpr std::size_t kOldKey = 0;
constexpr std::size_t kFirstColumn = 2;

std::size_t argument_of(TableColumn column) {
  return kFirstColumn + static_cast<std::size_t>(column);
}

OnExisting on_existing(int on_conflict) {
  if (on_conflict == SQLITE_REPLACE) return OnExisting::replace;
  return on_conflict == SQLITE_IGNORE ? OnExisting::ignore : OnExisting::fail;
}

// SQLite takes a message even of a row that is ignored for the statement's own.
int violation(const NamedTable& named, const char* constraint, int on_conflict) {
  if (on_conflict == SQLITE_IGNORE) return SQLITE_CONSTRAINT;
  throw StorageError(SQLITE_CONSTRAINT,
                     std::string(constraint) + " constraint failed: " + named.name() + ".key");
}

// Both return whether the row was written.
bool run_insert(VersionedTable& table, BytesView key, ValueView value, int on_conflict) {
  return table.insert(key, value, on_existing(on_conflict));
}

bool run_update(VersionedTable& table, BytesView old_key, BytesView key, ValueView value,
                int on_conflict) {
  if (key != old_key) return table.move(old_key, key, value, on_existing(on_conflict));
  table.put(key, value);
  return true;
}

int run_command_of(const TableView& view, Command& command) {
  try {
    run_body(view, command.run);
    return SQLITE_OK;
  } catch (...) {
    command.error = std::current_exception();
    throw;
  }
}

// A key as the table has it, which the view's prefix may have to be put before.
class FullKey {
 public:
  FullKey(const TableView& view, sqlite3_value* value) {
    if (const auto text = key_text(value)) key_ = view.full_key(*text, room_);
  }
  FullKey(const FullKey&) = delete;
  FullKey& operator=(const FullKey&) = delete;

  explicit operator bool() const { return key_.has_value(); }
  BytesView operator*() const { return *key_; }

 private:
  Bytes room_;
  std::optional<BytesView> key_;
};

}  // namespace

int update_table(NamedTable& named, std::span<sqlite3_value* const> arguments, int on_conflict) {
  const TableView view = named.view();
  named.require_writable();
  VersionedTable& table = *view.table;
  const FullKey old_key(view, arguments[kOldKey]);
  if (arguments.size() == 1) {
    if (old_key) table.erase(*old_key);
    return SQLITE_OK;
  }

  sqlite3_value* const command = arguments[argument_of(TableColumn::command)];
  if (!old_key) {
    void* const pointer = sqlite3_value_pointer(command, Command::kPointerType);
    if (pointer != nullptr) return run_command_of(view, *static_cast<Command*>(pointer));
  }
  if (sqlite3_value_type(command) != SQLITE_NULL) {
    throw InvalidArgument("the column vkv_command is not for use in SQL");
  }

  sqlite3_value* const key_argument = arguments[argument_of(TableColumn::key)];
  const FullKey key(view, key_argument);
  if (!key) {
    if (sqlite3_value_type(key_argument) == SQLITE_NULL) {
      return violation(named, "NOT NULL", on_conflict);
    }
    throw WrongType("a key must be text, not a blob: " + named.name() + ".key");
  }

  bool is_written = true;
  sqlite3_value* const value_argument = arguments[argument_of(TableColumn::value)];
  if (old_key && sqlite3_value_nochange(value_argument)) {
    const auto kept = table.get(*old_key);
    if (kept) is_written = run_update(table, *old_key, *key, *kept, on_conflict);
  } else {
    const SqlValue value(value_argument);
    is_written = old_key ? run_update(table, *old_key, *key, value.view(), on_conflict)
                         : run_insert(table, *key, value.view(), on_conflict);
  }
  return is_written ? SQLITE_OK : violation(named, "UNIQUE", on_conflict);
}

}  // namespace vkv::ext
