// What commits, merges and comparisons report.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/graph/branch_writer.h"
#include "core/graph/commit.h"
#include "core/store/lazy_keys.h"
#include "core/tree/diff.h"
#include "core/tree/value.h"

namespace vkv {

struct MergeResult {
  bool merged = true;                                // false: abandoned
  std::optional<std::string> commit = std::nullopt;  // 64 hex digits; absent when abandoned
  Strategy strategy = Strategy::no_op;               // abandoned: the one that was attempted
  // three_way: the keys ours alone changed, removals included, or a function settled, in key order;
  // otherwise none.
  std::vector<std::string> auto_merged_keys = {};
  // All other keys of the commit.
  LazyKeys carried_keys = {};

  explicit operator bool() const { return merged; }
};

// Keys whose values differ, by what became of them from the first version to the second.
struct DiffResult {
  std::set<std::string> added;
  std::set<std::string> removed;
  std::set<std::string> modified;
};

struct DiffEntry {
  DiffKind kind = DiffKind::added;
  std::string key;
  std::optional<Value> before;  // absent when added
  std::optional<Value> after;   // absent when removed
};

struct HistoryEntry {
  std::string commit;
  std::vector<std::string> parents;
  CommitMetadata metadata;
};

struct RebaseResult {
  bool performed = false;
  std::optional<std::string> new_commit =
      std::nullopt;                            // the fresh root; absent when not performed
  std::vector<std::string> dropped_keys = {};  // in key order
  LazyKeys kept_keys = {};                     // system keys included
  std::uint64_t total_size_before = 0;         // of user values, in bytes
  std::uint64_t total_size_after = 0;
  std::uint64_t orphans_cleaned = 0;  // commits
  // What failed when the commit stood already, or once the rebase was performed; the numbers that
  // it kept from being known are 0.
  std::optional<std::string> error = std::nullopt;
};

}  // namespace vkv
