// Revision syntax: the text by which users name a commit.
#pragma once

#include <optional>
#include <string_view>

#include "core/graph/repository.h"

namespace vkv {

// Tried in this order: HEAD, a branch, a tag, a full or unique abbreviated hash (4 or more hex
// digits, either case); then any sequence of the suffixes ~n (n first parents back), ^n (the n-th
// parent; ^ is ^1, ^0 the commit itself). `head` is what HEAD means to the caller.
// Throws InvalidArgument naming `revision` when it is malformed, unknown, ambiguous, or goes beyond
// the root.
Hash resolve_revision(Repository& repository, std::string_view revision, const Hash& head);

// The two steps of that by themselves: a revision's name and its suffixes; and where the suffixes
// of `revision` lead from the commit that its name stands for.
struct RevisionParts {
  std::string_view name;
  std::string_view suffixes;
};
RevisionParts split_revision(std::string_view revision);
Hash resolve_suffixes(Repository& repository, std::string_view revision, const Hash& start);

}  // namespace vkv
