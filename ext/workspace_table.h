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

namespace vkv::ext {

// A workspace that has something to remember: uncommitted changes, or a base of its own.
struct WorkspaceRow {
  std::int64_t id = 0;
  std::optional<std::string> name;  // absent: the shared workspace of the branch
  std::string branch;
  Hash base;
};

// Cached statements only; every call leaves them reset. Bases are checked (Corruption).
class WorkspaceTable {
 public:
  WorkspaceTable(sqlite3* db, std::string_view schema, std::string_view table);

  std::optional<WorkspaceRow> find_shared(std::string_view branch);
  std::optional<WorkspaceRow> find_named(std::string_view name);
  std::int64_t insert(std::optional<std::string_view> name, std::string_view branch,
                      const Hash& base);
  void set_base(std::int64_t id, const Hash& base);
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
  static WorkspaceRow row_of(const Statement::Run& run);

  sqlite3* db_;
  const std::string table_;  // quoted and qualified
  Statement find_shared_;
  Statement find_named_;
  Statement find_after_;
  Statement insert_;
  Statement set_base_;
  Statement erase_;
  Statement rename_branch_;
  Statement all_;
};

}  // namespace vkv::ext
