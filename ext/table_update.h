// What INSERT, UPDATE and DELETE do to a table.
#pragma once

#include <span>

#include "core/kv/sqlite.h"
#include "ext/named_table.h"

namespace vkv::ext {

// The columns, in the order they are declared.
enum class TableColumn { key, value, command };
inline constexpr const char* kTableDeclaration =
    "CREATE TABLE x(key TEXT PRIMARY KEY NOT NULL, value, vkv_command HIDDEN) WITHOUT ROWID";

// Does what xUpdate is asked to, by its arguments; `on_conflict` is the answer of
// sqlite3_vtab_on_conflict(). Returns SQLITE_OK, or SQLITE_CONSTRAINT for a row to be ignored.
// Throws StorageError with SQLITE_CONSTRAINT for a key that is NULL or exists, and with
// SQLITE_READONLY for a view of a version; WrongType for a blob as key; what NamedTable::view() and
// a Command throw. Everything is checked before the first write.
int update_table(NamedTable& named, std::span<sqlite3_value* const> arguments, int on_conflict);

}  // namespace vkv::ext
