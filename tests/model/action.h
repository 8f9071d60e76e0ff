// Action: one thing a connection does, decoded from bytes, and the SQL that does it.
//
// A run is a byte string: one byte of configuration, then records of kRecordSize bytes — kind,
// connection plus twice the view, and three arguments. Every byte string is a run: a kind there is
// not is skipped.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tests/model/rows.h"
#include "tests/model/view.h"

namespace vkv::model {

// The number of a kind is in stored runs: append only.
enum class Kind : std::uint8_t {
  // rows
  insert,
  insert_range,
  update,
  update_key,
  update_both,
  update_range,
  shift_keys,
  remove,
  remove_range,
  remove_all,
  // reading, from the workspace or from `ref`
  get,
  get_nocase,
  get_in,
  scan,
  glob,
  like,
  count,
  all,
  // functions that write
  commit,
  branch,
  branch_delete,
  checkout,
  merge,
  reset,
  // functions that read
  where,
  hash,
  merge_base,
  rev_parse,
  log,
  diff,
  status,
  branches,
  check,
  // transactions
  begin,
  begin_immediate,
  commit_transaction,
  rollback,
  savepoint,
  release,
  rollback_to,
  // more functions
  cas,
  tag,
  tag_delete,
  tags,
  refresh,
  reset_to,
  branch_rename,
  workspace,
  workspace_delete,
  workspaces,
  end,
};

enum class Group {
  changes_rows,  // INSERT, UPDATE, DELETE
  reads_rows,    // SELECT, from the table or from vkv_at
  writes,        // functions that write
  moves,         // functions that move the connection
  queries,       // functions that read
  transaction,
  none,
};
Group group_of(Kind kind);

inline constexpr std::size_t kRecordSize = 5;
using Record = std::array<std::uint8_t, kRecordSize>;

struct Configuration {
  bool two_connections = false;  // on one file in WAL mode, else one in memory
  bool many_keys = false;        // trees of many nodes
  bool large_values = false;     // values outside nodes
};

struct Action {
  Kind kind = Kind::end;
  int connection = 0;
  View view = View::table;      // under which name
  std::string conflict_clause;  // of INSERT and UPDATE, empty: ABORT
  SqlValue key, key2, key3;
  SqlValue value;
  SqlValue expected;        // of vkv_cas, unless flag says the value there is
  int first = 0, last = 0;  // numbers of keys, of a range
  bool descending = false;
  int limit = -1;
  std::string ref, ref2;    // empty: not given
  std::string name;         // of a branch, tag, workspace or savepoint, or a pattern
  std::string on_conflict;  // empty: not given
  bool flag = false;        // force, no_ff, all_parents, allow_empty, the value there is
  bool flag2 = false;       // squash
  int number = 0;           // of a commit's message and time
};

struct Statement {
  std::string sql;
  std::vector<SqlValue> parameters;
};

// `hashes`: every commit seen so far, oldest first; not empty.
Action decode(const Record& record, const Configuration& configuration,
              std::span<const std::string> hashes);
Statement to_sql(const Action& action);
std::string to_string(const Action& action);

// What the bytes of a commit's message, author and time stand for: as given to vkv_commit and, the
// time in ISO 8601, as vkv_log shows it.
SqlValue message_of(const Action& action);
SqlValue author_of(const Action& action);
SqlValue time_of(const Action& action);

// Key number i as text, and what insert_range gives it.
std::string key_text(int i);
std::string range_value(const Action& action, int i);

}  // namespace vkv::model
