// Session: where one connection is in one table.
#pragma once

#include <memory>
#include <string>

#include "core/base/hash.h"

namespace vkv::ext {

struct MergeReport;

// Connection state like a PRAGMA: changed at once, without a lock, and not undone by ROLLBACK.
struct Session {
  enum class Place {
    shared,    // the shared workspace of `branch`
    named,     // the private workspace `workspace`; its branch and base are in its row
    detached,  // a private workspace at a version: the row `workspace` once there was a write,
               // until then `branch` and `base`
  };

  Place place = Place::shared;
  std::string branch;
  std::string workspace;
  Hash base;
  std::shared_ptr<const MergeReport> last_merge;  // the latest commit or merge; null: none yet
  // Counts moves, so that what was derived from an older place is recognised as stale.
  unsigned long long moves = 0;
};

}  // namespace vkv::ext
