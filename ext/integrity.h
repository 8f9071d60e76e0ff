// Verifying one table and everything behind it.
#pragma once

#include <vector>

#include "ext/versioned_table.h"

namespace vkv::ext {

// check_store() on the store, and that workspaces, staged rows and recorded conflicts are sane.
// Throws Corruption at the first problem, naming it; reads everything there is once.
void check_table(VersionedTable& table);

// The commits that must stay besides what refs reach: those of vkv::pinned_commits(), and the
// version this connection has checked out, which has no workspace before the first write.
std::vector<Hash> pinned_commits(VersionedTable& table);

}  // namespace vkv::ext
