// Three-way merge of commits: merge bases, the virtual base of a criss-cross, and who settles what.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/graph/repository.h"
#include "core/tree/merge.h"

namespace vkv {

// A contested key with its values loaded. Absent: not there, or removed.
struct MergeInput {
  BytesView key;
  std::optional<Value> base;
  std::optional<Value> ours;
  std::optional<Value> theirs;
};

// What a merge function says: a value, a removal, or nothing (declined). Throwing an exception
// derived from std::exception declines too, and its message is reported with the conflict; Error
// subclasses that tell of the store (Corruption, StorageError) pass through.
struct MergeAnswer {
  enum class Kind { value, removal, declined };
  Kind kind = Kind::declined;
  Value value;
};
using MergeFunction = std::function<MergeAnswer(const MergeInput&)>;

struct MergeRules {
  // Asked for every contested key but unsettled ones; may be empty.
  MergeFunction function;
  // Asked for every key that both sides changed to the same value, which stays when it declines
  // without throwing; for changes that add up. May be empty.
  MergeFunction equal_changes = {};
  // What settles a key no function settled.
  enum class Fallback { conflict, ours, theirs } fallback = Fallback::conflict;
};

struct MergeOutcome {
  Hash root;                                  // conflicting keys keep ours here
  std::vector<Hash> bases;                    // the best common ancestors that were used
  std::vector<std::string> conflicts;         // in memcmp order; empty: merged
  std::map<std::string, std::string> errors;  // by key: what its merge function threw
  std::vector<std::string> auto_merged;       // changed by ours alone, or settled; in key order
};

// Merges the trees of two commits; new nodes are queued, no commit or ref is made. With several
// best common ancestors these are merged first, in ascending hash order, into a virtual base, by
// the same rules' function; keys that cannot be settled there are unsettled (tree/merge.h).
// Memoised, and without recursion on the stack. Throws NoCommonAncestor when the histories share
// nothing.
MergeOutcome merge_commits(Repository& repository, const Hash& ours, const Hash& theirs,
                           const MergeRules& rules);
// The same with the tree `ours`, made from the commit `base`: its changes are this writer's own,
// even where another writer has made the same ones from there and so the same commit.
MergeOutcome merge_changes(Repository& repository, const Hash& base, const Hash& ours,
                           const Hash& theirs, const MergeRules& rules);

}  // namespace vkv
