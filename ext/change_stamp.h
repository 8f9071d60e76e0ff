// ChangeStamp: whether a schema can have changed since it was read, without reading it again.
#pragma once

#include <optional>
#include <string>

#include "core/kv/sqlite.h"

namespace vkv::ext {

class Connection;

// Two equal stamps of a schema: nothing in it changed in between, as far as SQL can change it.
//   data_version   moves when another connection commits, and holds still inside a transaction
//   total_changes  moves with every row that this connection writes, committed or not
//   epoch          moves with what undoes this connection's writes
// Not seen: writes past SQL's row counter (an open blob handle), and those made to shadow tables by
// hand and then rolled back.
struct ChangeStamp {
  unsigned data_version = 0;
  sqlite3_int64 total_changes = 0;
  unsigned long long epoch = 0;

  friend bool operator==(const ChangeStamp&, const ChangeStamp&) = default;
};

// Absent where no stamp would hold: outside a transaction on the schema, another connection may
// commit at any moment.
std::optional<ChangeStamp> change_stamp(const Connection& connection, const std::string& schema);

// The same for who knows of a transaction on the schema, and does not ask for it. Also for xCommit,
// where this connection's own commit has just moved data_version and the locks are gone: should
// another connection commit from here on, the next transaction will see another number. Absent when
// SQLite does not tell.
std::optional<ChangeStamp> change_stamp_in_transaction(const Connection& connection,
                                                       const std::string& schema);

}  // namespace vkv::ext
