#include "ext/base_move.h"

#include "ext/staged_edits.h"

namespace vkv::ext {
namespace {

using Fate = BaseMove::Fate;

std::optional<StoredValue> find(Cursor& cursor, BytesView key) {
  if (!cursor.find(key)) return {};
  return cursor.value();
}

// Calls visit(key, fate) -> bool, false to stop, on each row staged in the workspace.
template <typename Visit>
void for_each_fate(VersionedTable& table, const WorkspaceRow& workspace, BaseMove move,
                   const Visit& visit) {
  const auto rows = table.staged().scan(workspace.id, {}, {}, false);
  BytesView key;
  std::optional<ValueView> value;
  while (rows->next(key, value) && visit(key, move.fate(key, value))) {
  }
}

bool is_contested(VersionedTable& table, const WorkspaceRow& workspace, const Hash& head) {
  if (workspace.base == head) return false;
  bool contested = false;
  for_each_fate(table, workspace, BaseMove(table, workspace.base, head), [&](BytesView, Fate fate) {
    contested = fate == Fate::contested;
    return !contested;
  });
  return contested;
}

void move_workspace(VersionedTable& table, const WorkspaceRow& workspace, const Hash& before,
                    const Hash& after) {
  std::vector<Bytes> gone;
  for_each_fate(table, workspace, BaseMove(table, before, after), [&](BytesView key, Fate fate) {
    if (fate == Fate::goes) gone.emplace_back(key);
    return true;
  });
  for (const Bytes& key : gone) table.staged().erase(workspace.id, key);
  table.workspaces().set_base(workspace.id, after);
}

}  // namespace

BaseMove::BaseMove(VersionedTable& table, const Hash& from, const Hash& to)
    : chunks_(table.repository().chunks()),
      from_(table.repository().nodes(), table.repository().commit(from).root),
      to_(table.repository().nodes(), table.repository().commit(to).root) {}

BaseMove::Fate BaseMove::fate(BytesView key, const std::optional<ValueView>& staged) {
  const auto now = find(to_, key);
  if (equal_values(chunks_, now, staged)) return Fate::goes;
  return find(from_, key) == now ? Fate::stays : Fate::contested;
}

void move_workspaces(VersionedTable& table, std::string_view branch, const Hash& before,
                     const Hash& after) {
  for (const WorkspaceRow& workspace : table.workspaces().on_branch(branch)) {
    // A shared one without changes follows its branch, whatever its row says.
    if (!workspace.name && !table.staged().any(workspace.id)) continue;
    if (!is_contested(table, workspace, before)) move_workspace(table, workspace, before, after);
  }
  table.invalidate();
}

}  // namespace vkv::ext
