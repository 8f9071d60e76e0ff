// Version: what a reading function's ref stands for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/hash.h"
#include "ext/arguments.h"

namespace vkv::ext {

class VersionedTable;
struct WorkspaceState;

struct Version {
  Hash root;
  // The workspace whose staged rows lie over the tree; absent when none do.
  std::optional<std::int64_t> staged;

  friend bool operator==(const Version&, const Version&) = default;
};

inline constexpr std::string_view kWorking = "WORKING";

Version version_of(const WorkspaceState& state);
// The session's workspace with its uncommitted changes.
Version working_version(VersionedTable& table);
// What the argument names: WORKING, the session's workspace with its uncommitted changes, or a
// commit as below.
Version version_argument(VersionedTable& table, const Arguments& arguments, std::size_t position);
// The commit that the argument, which must have been given, names. Throws as
// VersionedTable::resolve() and Arguments::text(), naming the argument.
Hash commit_argument(VersionedTable& table, const Arguments& arguments, std::size_t position);

}  // namespace vkv::ext
