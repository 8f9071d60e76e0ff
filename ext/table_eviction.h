// Eviction: keeping a table's branches within its size budget.
#pragma once

#include <set>
#include <string>

#include "core/graph/branch_writer.h"
#include "ext/versioned_table.h"

namespace vkv::ext {

struct RebaseRequest {
  // The user keys to keep, whatever their size; absent: as many as fit under the low water.
  std::optional<std::set<std::string, std::less<>>> keep;
  CommitMetadata metadata;  // of the new commit
};

// What a rebase did, in numbers.
struct Rebase {
  Hash commit;  // the branch's head, without parents
  std::uint64_t dropped_keys = 0;
  std::uint64_t kept_keys = 0;    // system keys included
  std::uint64_t size_before = 0;  // of the values of user keys, in bytes
  std::uint64_t size_after = 0;
  std::uint64_t removed_commits = 0;  // nothing reached them, and they were old enough
};

// Starts the session's branch afresh, without the user keys that are to go (core/graph/eviction.h);
// its workspaces move along (ext/base_move.h), and garbage is collected. A branch that does not
// exist starts at the session's base. Throws InvalidArgument when there is neither a low water nor
// a list of keys.
Rebase rebase_branch(VersionedTable& table, const RebaseRequest& request);

// To be called after a commit or merge into the session's branch: does the above when the high
// water is exceeded, and writes down which keys were read. Returns the branch's head.
Hash keep_within_budget(VersionedTable& table, const WriteResult& result);

}  // namespace vkv::ext
