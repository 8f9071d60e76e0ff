#include "ext/version.h"

#include "ext/versioned_table.h"

namespace vkv::ext {

Version working_version(VersionedTable& table) {
  const WorkspaceState& state = table.state();
  return {state.root, state.dirty ? state.row : std::nullopt};
}

Version resolve_version(VersionedTable& table, std::string_view ref) {
  if (ref == kWorking) return working_version(table);
  return {table.repository().commit(table.resolve(ref)).root, {}};
}

}  // namespace vkv::ext
