#include "ext/table_eviction.h"

#include "core/base/error.h"
#include "ext/base_move.h"
#include "ext/table_gc.h"

namespace vkv::ext {
namespace {

std::uint64_t low_water(VersionedTable& table) {
  if (const auto& marks = table.water_marks()) return static_cast<std::uint64_t>(marks->low);
  throw InvalidArgument("table " + table.name() +
                        " has no low_water_bytes; the option keep tells which keys to keep");
}

std::uint64_t user_bytes(VersionedTable& table, const Hash& commit) {
  return table.user_bytes().of(table.repository().recall(commit).root);
}

}  // namespace

Rebase rebase_branch(VersionedTable& table, const RebaseRequest& request) {
  const WorkspaceState state = table.state();
  const std::string& branch = state.branch;
  const Hash before = state.head.value_or(state.base);
  EvictionRequest wanted{.branch = branch, .commit = before, .metadata = request.metadata};
  if (request.keep) {
    wanted.keep = &*request.keep;
  } else {
    wanted.low_water = low_water(table);
  }
  table.record_touches({});
  Rebase rebase;
  rebase.size_before = user_bytes(table, before);
  const Eviction eviction = evict(table.repository(), table.touches(), wanted);
  forget_touches(table.repository(), table.touches(), eviction);
  move_workspaces(table, branch, before, eviction.commit);
  // The one of this session may have no row before its first change.
  if (!state.row) table.settle_at(eviction.commit);
  rebase.commit = eviction.commit;
  rebase.dropped_keys = eviction.dropped.size();
  rebase.kept_keys = table.repository().nodes().get(eviction.root)->rows();
  rebase.size_after = table.user_bytes().of(eviction.root);
  rebase.removed_commits = collect_garbage(table, {}).removed_commits;
  return rebase;
}

Hash keep_within_budget(VersionedTable& table, const WriteResult& result) {
  const auto& marks = table.water_marks();
  if (!marks || result.strategy == Strategy::no_op) return result.commit;
  table.record_touches({});
  if (user_bytes(table, result.commit) <= static_cast<std::uint64_t>(marks->high)) {
    return result.commit;
  }
  return rebase_branch(table, {}).commit;
}

}  // namespace vkv::ext
