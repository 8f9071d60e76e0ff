// How a branch moves: commits and merges onto its head, by compare-and-swap.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/graph/merge.h"
#include "core/tree/mutate.h"

namespace vkv {

enum class Strategy { no_op, fast_forward, three_way };
std::string_view to_string(Strategy strategy);

struct CommitRequest {
  std::string_view branch;
  Hash base;  // the commit the edits are relative to
  CommitMetadata metadata;
  bool allow_empty = false;  // commit even when the edits change nothing
  MergeRules rules;          // for when the head has moved
};

struct MergeRequest {
  std::string_view branch;  // `ours` is its head
  Hash base;                // or this, when there is no such branch
  Hash source;
  CommitMetadata metadata;
  bool no_ff = false;   // a merge commit even where a fast-forward would do
  bool squash = false;  // one parent only
  MergeRules rules;
};

struct WriteResult {
  Hash commit;  // the branch's head afterwards; no_op of a commit: the base
  Hash root;    // its tree
  Strategy strategy = Strategy::no_op;
  std::vector<std::string> auto_merged;  // three_way: see MergeOutcome
};

// Both functions write all objects in one batch and then swap the head, in one step where the store
// has an exclusive section. When they throw, nothing new is reachable and nothing, whoever queued
// it, stays queued in the repository. ConcurrencyError: another writer moved the branch, or garbage
// collection took a commit this builds on. InvalidArgument: of create_commit() and swap_head().

// Commits `edits` on `request.base` to the branch:
//   1. the edits change nothing (and not allow_empty): no_op;
//   2. the head is the base, or the branch does not exist: one new commit, fast_forward;
//   3. the head has moved: a commit of the edits on the base without metadata, a three-way merge
//      with the head (ours: the edits), a merge commit with parents (head, that commit).
// Throws NoCommonAncestor, MergeConflict. `edits` may queue the chunks of large values as it is
// read.
WriteResult commit_to_branch(Repository& repository, const CommitRequest& request,
                             EditSource& edits);

// Merges `request.source` into the branch's head: already contained → no_op; head contained in it →
// fast_forward (unless no_ff or squash); else three_way, parents (head, source). A squash that
// leaves the head's tree as it is → no_op. A branch that does not exist is made, unless by a no_op.
// Throws NoCommonAncestor, MergeConflict.
WriteResult merge_into_branch(Repository& repository, const MergeRequest& request);

}  // namespace vkv
