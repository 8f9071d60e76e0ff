// What functions that commit or merge take as options, and what they tell of the outcome.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/graph/branch_writer.h"
#include "ext/function_call.h"
#include "ext/options.h"

namespace vkv::ext {

enum class OnConflict { raise, abandon, ours, theirs };
OnConflict on_conflict_option(Options& options);
MergeRules merge_rules(OnConflict on_conflict);

// What SQL says of NoCommonAncestor.
inline constexpr const char* kBranchWasRebased = "branch was rebased; vkv_refresh";

// Options author, time (now by default) and info, beside the message given.
CommitMetadata metadata_options(Options& options, std::optional<std::string_view> message);

// What a commit or merge did.
struct MergeReport {
  bool merged = true;
  std::optional<Hash> commit;  // absent: none was made
  Strategy strategy = Strategy::no_op;
  std::vector<std::string> auto_merged;
  std::uint64_t carried = 0;  // keys of the commit besides those
  std::vector<std::string> conflicts;

  // Of one that did nothing, for the sake of these keys, or because it could not be.
  static MergeReport abandoned(std::vector<std::string> conflicts);
};

MergeReport report_of(Repository& repository, const WriteResult& result);
// A JSON object with the members merged, commit, strategy, auto_merged_keys, carried and conflicts.
std::string to_json(const MergeReport& report);

// Runs `work`, which commits to the session's branch, as call.write() does; remembers in the
// session what it did, evicts what exceeds the table's budget, and answers the branch's head; NULL
// when MergeConflict or ConcurrencyError stopped it and `on_conflict` is abandon.
void write_merging(FunctionCall& call, OnConflict on_conflict,
                   const std::function<WriteResult(VersionedTable&)>& work,
                   IsOneStep* is_one_step = nullptr);

}  // namespace vkv::ext
