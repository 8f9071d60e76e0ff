// Version: what a reading function's ref stands for.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/hash.h"

namespace vkv::ext {

class VersionedTable;

struct Version {
  Hash root;
  // The workspace whose staged rows lie over the tree; absent when none do.
  std::optional<std::int64_t> staged;

  friend bool operator==(const Version&, const Version&) = default;
};

inline constexpr std::string_view kWorking = "WORKING";

// The session's workspace with its uncommitted changes.
Version working_version(VersionedTable& table);
// WORKING, the session's workspace with its uncommitted changes, or what
// VersionedTable::resolve() takes.
Version resolve_version(VersionedTable& table, std::string_view ref);

}  // namespace vkv::ext
