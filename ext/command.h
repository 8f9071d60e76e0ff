// Commands: how SQL functions that write reach the table, inside the caller's transaction.
#pragma once

#include <exception>
#include <functional>
#include <string_view>

#include "ext/connection.h"

namespace vkv::ext {

struct TableView;
class VersionedTable;

// A write that a function wants done. It travels to the table's xUpdate as a bound pointer in the
// hidden column vkv_command of INSERT INTO t(key, vkv_command) SELECT '', ?1 — so that SQLite
// enlists the table in the transaction, opens a statement savepoint and undoes everything if it
// fails. Ordinary SQL cannot forge the pointer. With VALUES in the place of SELECT there is no
// savepoint, at which rows that wait in memory would have to be written (ext/staged_buffer.h).
struct Command {
  static constexpr const char* kPointerType = "vkv_command";

  std::function<void(const TableView&)> run;
  std::exception_ptr error;  // what run() threw
};

// Tells whether a command on the table is done with the last thing that it writes, and until then
// has only written what nothing refers to.
using IsOneStep = bool(VersionedTable& table);

// Runs `body` on what `table_name` shows as such a statement; without a savepoint where
// `is_one_step` (null: nowhere) says that none is needed; rethrows what it threw, and a
// StorageError for what SQLite itself refused (read-only, busy, interrupt). Afterwards
// sqlite3_last_insert_rowid() is as before.
void run_command(Connection& connection, std::string_view table_name,
                 const std::function<void(const TableView&)>& body,
                 IsOneStep* is_one_step = nullptr);

}  // namespace vkv::ext
