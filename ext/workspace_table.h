// The shadow table <t>_workspace.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/hash.h"
#include "core/kv/statement.h"
#include "ext/staged_buffer.h"

namespace vkv::ext {

// A workspace that has something to remember: uncommitted changes, or a base of its own.
struct WorkspaceRow {
  std::int64_t id = 0;
  std::optional<std::string> name;  // absent: the shared workspace of the branch
  std::string branch;
  Hash base;
  Hash stored_base;  // the same unless the buffer holds the workspace
};

// Cached statements only; every call leaves them reset. Bases are checked (Corruption). That of the
// workspace that the buffer holds is the buffer's, which must outlive this.
class WorkspaceTable {
 public:
  WorkspaceTable(sqlite3* db, std::string_view schema, std::string_view table,
                 const StagedBuffer& buffer);

  std::optional<WorkspaceRow> find_shared(std::string_view branch);
  std::optional<WorkspaceRow> find_named(std::string_view name);
  std::int64_t insert(std::optional<std::string_view> name, std::string_view branch,
                      const Hash& base);
  // Of one that the buffer does not hold, or is just being written out of it.
  void set_base(std::int64_t id, const Hash& base);
  // Writes this base, which is its own, so often that sqlite3_changes64() is `times` afterwards:
  // nothing else puts back what nested writes did to it. About 0.3 microseconds each.
  void repeat_base(std::int64_t id, const Hash& base, std::int64_t times);
  void erase(std::int64_t id);
  // The first one with an id above `id`.
  std::optional<WorkspaceRow> find_after(std::int64_t id);
  // Of all workspaces on the branch `from`.
  void rename_branch(std::string_view from, std::string_view to);
  // All workspaces on the branch, in id order.
  std::vector<WorkspaceRow> on_branch(std::string_view branch);
  // In id order.
  void visit(const std::function<void(const WorkspaceRow&)>& visit);
  // Releases the statements.
  void finalize();

 private:
  WorkspaceRow row_of(const Statement::Run& run) const;

  sqlite3* db_;
  const StagedBuffer& buffer_;
  const std::string table_;  // quoted and qualified
  Statement find_shared_;
  Statement find_named_;
  Statement find_after_;
  Statement insert_;
  Statement set_base_;
  Statement repeat_base_;
  Statement erase_;
  Statement rename_branch_;
  Statement all_;
};

}  // namespace vkv::ext
