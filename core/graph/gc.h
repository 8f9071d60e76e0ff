// Garbage collection: removing what no version that is still wanted reaches.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>

#include "core/base/hash.h"
#include "core/kv/kvstore.h"

namespace vkv {

struct GcOptions {
  // Commits born less than this ago stay, and all they reach: somebody may be about to name them.
  std::chrono::milliseconds min_age = std::chrono::hours(1);
  // Wanted besides the refs', and the store's own pinned commits: the bases of workspaces.
  std::span<const Hash> extra_commits = {};
  bool dry_run = false;  // report, remove nothing
  // The caller keeps every other writer out of the store already.
  bool caller_is_exclusive = false;
  std::function<void()> checkpoint = {};  // called for each chunk; may throw to end it
};

struct GcReport {
  std::uint64_t live_commits = 0;
  std::uint64_t live_chunks = 0;  // nodes, lists and blobs
  std::uint64_t removed_commits = 0;
  std::uint64_t removed_chunks = 0;
};

// Marks what branches, tags, pinned, extra and young commits reach, and removes all other
// objects; everything but objects stays. Reads each live commit, node and list once and takes at
// most 64 bytes of memory for each live object and 32 for each dead one.
//
// Runs inside kv.exclusive(), all or nothing. Where the store has no such section, a commit must
// not take longer than min_age, and 0 is InvalidArgument; what dead commits need is then removed
// after them, so that ending early leaves nothing half there. Throws Corruption, having removed
// nothing, when something that is wanted is missing or damaged.
GcReport collect_garbage(KVStore& kv, const GcOptions& options);

}  // namespace vkv
