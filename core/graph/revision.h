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

}  // namespace vkv
