// Commands: how SQL functions that write reach the table, inside the caller's transaction.
#pragma once

#include <exception>
#include <functional>
#include <string_view>

#include "ext/connection.h"

namespace vkv::ext {

struct TableView;
class VersionedTable;

using CommandBody = std::function<void(const TableView&)>;

// A write that a function wants done. It travels to the table's xUpdate as a bound pointer in the
// hidden column vkv_command of INSERT INTO t(key, vkv_command) SELECT '', ?1 — so that SQLite
// enlists the table in the transaction, opens a statement savepoint and undoes everything if it
// fails. Ordinary SQL cannot forge the pointer.
struct Command {
  static constexpr const char* kPointerType = "vkv_command";

  CommandBody run;
  std::exception_ptr error;  // what run() threw
};

// Runs it. When it throws, what the table remembers is forgotten.
void run_body(const TableView& view, const CommandBody& body);

// Tells whether a command on the table is done with the last thing that it writes, and until then
// has only written what nothing refers to. Where the table is in the transaction already such a
// command needs no statement; and the savepoint, at which rows that wait in memory would have to be
// written (ext/staged_buffer.h), would only harm.
using IsOneStep = bool(VersionedTable& table);

// Runs `body` on what `table_name` shows as such a statement, or without one where `is_one_step`
// (null: nowhere) says that none is needed; rethrows what it threw, and a StorageError for what
// SQLite itself refused (read-only, busy, interrupt). Afterwards sqlite3_last_insert_rowid() is as
// before.
void run_command(Connection& connection, std::string_view table_name, const CommandBody& body,
                 IsOneStep* is_one_step = nullptr);

}  // namespace vkv::ext
