// Names of branches and tags: git's rules (git-check-ref-format), UTF-8, and not HEAD or WORKING.
#pragma once

#include <string_view>

namespace vkv {

// Throws InvalidArgument saying which rule `name` breaks; `what` is "branch" or "tag".
void check_ref_name(std::string_view what, std::string_view name);

}  // namespace vkv
