// Three-way merge of trees, key by key. Knows nothing of commits, policy or SQL.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "core/tree/node_store.h"

namespace vkv {

// A key whose two sides cannot both be kept: each changed it differently from the base, or it is
// unsettled and the sides differ. Absent: the key is not there on that side.
struct Contest {
  BytesView key;
  std::optional<StoredValue> base;
  std::optional<StoredValue> ours;
  std::optional<StoredValue> theirs;
  bool unsettled = false;
};

// What becomes of a contested key. A value is stored, a removal removes, a conflict keeps ours in
// the result tree and is for the caller to remember.
struct Settlement {
  enum class Kind { ours, theirs, value, removal, conflict };
  Kind kind = Kind::conflict;
  Value value;
};

struct TreeMergeHooks {
  // Asked once for each contested key, in key order.
  std::function<Settlement(const Contest&)> settle;
  // Asked once for each key that both sides changed to the same value, unless it is unsettled:
  // `ours` keeps that value. May be empty, which keeps it.
  std::function<Settlement(const Contest&)> combine = {};
  // Told each key that ours changed alone, or that settle() settled; may be empty.
  std::function<void(BytesView key)> on_auto_merged;
  // Keys without a trustworthy base value: contested whenever the sides differ. May be null.
  const std::set<std::string, std::less<>>* unsettled = nullptr;
};

// The merged root. Per key, on the two diffs from `base`: changed by one side, that side's; changed
// alike by both, that, or what combine() makes of it; else contested. Cost follows the two diffs.
// merge(base, a, b) and merge(base, b, a) give the same root when settle() is symmetric.
Hash merge_trees(NodeStore& nodes, const Hash& base, const Hash& ours, const Hash& theirs,
                 const TreeMergeHooks& hooks);

}  // namespace vkv
