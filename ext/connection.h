// Connection: what all vkv tables and functions of one sqlite3* share.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/kv/sqlite.h"
#include "core/tree/node_store.h"
#include "ext/change_stamp.h"
#include "ext/session.h"
#include "ext/staged_buffer.h"

namespace vkv::ext {

class NamedTable;

// Owned jointly (shared_ptr) by the module, every function and every open table; SQLite's
// connection mutex guards it. Owns no statement, so it never keeps sqlite3_close() from succeeding.
class Connection {
 public:
  explicit Connection(sqlite3* db);

  sqlite3* db() const { return db_; }
  NodeCache& node_cache() { return node_cache_; }
  StagedBuffers& buffers() { return buffers_; }

  // The session of the table with this id (its row `id` in <t>_config) in this schema; created on
  // `default_branch` at first sight. Views that are pinned add to the id.
  Session& session(std::string_view schema, std::string_view table_id,
                   std::string_view default_branch);

  // Moves with every rollback, reconnect or drop: what total_changes() does not show.
  unsigned long long epoch() const { return epoch_; }
  void bump_epoch() { ++epoch_; }

  // The vkv table or view called `name`, bare (searched in temp, main, then attached order) or as
  // schema.name (either part may be quoted as an SQL identifier); connects it if this connection
  // has not used it yet. Throws InvalidArgument naming it when there is no such table, or it is not
  // a vkv table. Shared ownership keeps it usable while a cursor is open, whatever the schema does.
  // Within a read transaction on its schema it is the one that has the name now; outside, another
  // connection may have made another one.
  std::shared_ptr<NamedTable> named_table(std::string_view name);
  // The one of that name which a view in `schema` means: in the same schema, or, from temp, where
  // SQLite would find it. Null when there is no such table; throws as named_table() when it is no
  // vkv table.
  std::shared_ptr<NamedTable> named_table_seen_from(const std::string& schema,
                                                    const std::string& name);

  // Called by the table module as sqlite3_vtab objects come and go. Several may be alive for one
  // name (after ROLLBACK TO across DDL); the latest answers.
  void opened(const std::shared_ptr<NamedTable>& table);
  void closed(const NamedTable* table);

 private:
  struct OpenTable {
    std::shared_ptr<NamedTable> table;
    // When it was last known to be the one of its name; absent: at no time.
    std::optional<ChangeStamp> current_at;
  };

  OpenTable* find_open(const std::string& schema, const std::string& table);
  bool is_current(const OpenTable& open, const std::string& schema) const;
  std::shared_ptr<NamedTable> find(const std::vector<std::string>& schemas,
                                   const std::string& table);

  sqlite3* db_;
  NodeCache node_cache_;
  StagedBuffers buffers_;
  unsigned long long epoch_ = 0;
  std::map<std::string, Session, std::less<>> sessions_;  // by schema, NUL, id
  std::vector<OpenTable> tables_;
};

}  // namespace vkv::ext
