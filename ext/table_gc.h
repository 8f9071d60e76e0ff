// Garbage collection of a table's store.
#pragma once

#include <vector>

#include "core/graph/gc.h"
#include "ext/versioned_table.h"

namespace vkv::ext {

// The commits that must stay besides what refs reach: those of vkv::pinned_commits(), and the
// version this connection has checked out, which has no workspace before the first write.
std::vector<Hash> pinned_commits(VersionedTable& table);

// core/graph/gc.h, keeping the pinned commits too. To be called within a statement that writes, or
// for a dry run.
GcReport collect_garbage(VersionedTable& table, GcOptions options);

}  // namespace vkv::ext
