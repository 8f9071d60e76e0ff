// VersionedTable: one vkv table as this connection sees it, without the C interface.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/graph/branch_writer.h"
#include "core/graph/repository.h"
#include "ext/connection.h"
#include "ext/staged_table.h"
#include "ext/workspace_table.h"

namespace vkv::ext {

// What the session's workspace looks like at this moment.
struct WorkspaceState {
  std::optional<std::int64_t> row;  // its row in <t>_workspace; absent: clean and following
  std::string branch;
  std::optional<Hash> head;  // the branch's; absent when it was never created or is gone
  Hash base;                 // what uncommitted changes are relative to; HEAD to the user
  Hash root;                 // base's tree
  bool dirty = false;        // has staged rows
};

class VersionedTable {
 public:
  // Reads nothing: a table whose shadow tables are damaged can still be dropped; they are checked
  // (format version, id, default branch) on first use.
  VersionedTable(std::shared_ptr<Connection> connection, std::string schema, std::string name);

  Connection& connection() { return *connection_; }
  const std::string& schema() const { return schema_; }
  const std::string& name() const { return name_; }

  Repository& repository();
  WorkspaceTable& workspaces();
  StagedTable& staged();
  Session& session();

  // The session's workspace, from memory while nothing can have changed it (sqlite-rules.md says
  // when that is known), else by indexed reads. Throws InvalidArgument, naming it and saying that
  // vkv_checkout leads out, when the session's place no longer exists. The reference lives until
  // the next call on this object.
  const WorkspaceState& state();
  // Forgets what state() remembers.
  void invalidate();

  // Reading the workspace with its uncommitted changes.
  std::optional<Value> get(BytesView key);

  // Staging. Each checks everything before its first write.
  enum class OnExisting { fail, replace, ignore };
  // Returns false when the key existed and was left alone (fail: the caller reports it).
  bool insert(BytesView key, ValueView value, OnExisting on_existing);
  void put(BytesView key, ValueView value);
  // Returns whether the key existed.
  bool erase(BytesView key);
  // Discards all staged rows of the session's workspace.
  void reset();

  // The staged rows in key order as edits for the core; borrows this table, and must be gone before
  // the next write. Empty when clean.
  std::unique_ptr<EditSource> staged_edits();
  // After a commit or merge brought the branch to `commit`: drops the staged rows, and moves the
  // base of a private workspace there (a shared one follows its branch).
  void settle_at(const Hash& commit);

  // Resolves a revision, HEAD being the session's base.
  Hash resolve(std::string_view revision);

  void finalize_statements();

  // The implementation chooses its private members.
 private:
  std::shared_ptr<Connection> connection_;
  std::string schema_;
  std::string name_;
};

}  // namespace vkv::ext
