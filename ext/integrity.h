// Verifying one table and everything behind it.
#pragma once

#include "ext/versioned_table.h"

namespace vkv::ext {

// check_store() on the store, and that workspaces, staged rows and recorded conflicts are sane.
// Throws Corruption at the first problem, naming it; reads everything there is once.
void check_table(VersionedTable& table);

}  // namespace vkv::ext
