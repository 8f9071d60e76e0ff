// Best common ancestors.
#pragma once

#include <span>
#include <vector>

#include "core/graph/repository.h"

namespace vkv {

// The common ancestors of `a` and `b` that are no ancestor of another, in ascending hash order;
// empty when the histories share nothing. A commit is its own ancestor. Visits commits in
// descending generation from both sides, as git's paint-down-to-common, and stops once only
// ancestors of those found are left to visit. Throws Corruption when a generation is not above its
// parents'.
std::vector<Hash> merge_bases(Repository& repository, const Hash& a, const Hash& b);
// The same of two sets of commits: an ancestor of a set is one of any of its members.
std::vector<Hash> merge_bases(Repository& repository, std::span<const Hash> a,
                              std::span<const Hash> b);

// Whether `ancestor` is reachable from `descendant`; visits no commit of a lower generation.
bool is_ancestor(Repository& repository, const Hash& ancestor, const Hash& descendant);

}  // namespace vkv
