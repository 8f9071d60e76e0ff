#include "ext/version.h"

#include "ext/versioned_table.h"

namespace vkv::ext {

Version version_of(const WorkspaceState& state) {
  return {state.root, state.dirty ? state.row : std::nullopt};
}

Version working_version(VersionedTable& table) { return version_of(table.state()); }

Version version_argument(VersionedTable& table, const Arguments& arguments, std::size_t position) {
  if (arguments.text(position) == kWorking) return working_version(table);
  return {table.repository().commit(commit_argument(table, arguments, position)).root, {}};
}

Hash commit_argument(VersionedTable& table, const Arguments& arguments, std::size_t position) {
  const std::string_view revision = arguments.text(position);
  return arguments.about(position, [&] { return table.resolve(revision); });
}

}  // namespace vkv::ext
