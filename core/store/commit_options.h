// What a commit or a merge may be told.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/store/merge_function.h"

namespace vkv {

enum class OnConflict {
  raise,    // throw ConcurrencyError or MergeConflict
  abandon,  // change nothing and report merged = false
  ours,     // merge() only: keys that no function settles keep our side
  theirs,   // merge() only: or their side
};

struct CommitOptions {
  OnConflict on_conflict = OnConflict::raise;
  // For this call: by key, and for keys without any of their own.
  std::map<std::string, MergeFn, std::less<>> merge_fns = {};
  MergeFn default_merge = {};
  // A JSON object; kept in canonical form. "{}" counts as given.
  std::optional<Bytes> info = std::nullopt;
  std::optional<Bytes> message = std::nullopt;      // UTF-8
  std::optional<Bytes> author = std::nullopt;       // UTF-8
  std::optional<std::int64_t> time = std::nullopt;  // milliseconds since 1970 UTC
};

}  // namespace vkv
