// Values that are JSON. Needs nlohmann-json; nothing else in the core's headers does.
#pragma once

#include <nlohmann/json.hpp>

#include "core/store/content_type.h"

namespace vkv {

using JsonMerge = decltype(ContentType<nlohmann::json>::merge);

// Compact JSON with members sorted by name, so that equal values are equal bytes. `merge` works on
// decoded values; without one, theirs wins. Bytes that are no JSON (RFC 8259), or nested deeper
// than 100 levels, and values that have no JSON form are InvalidArgument: the merge error of their
// key.
ContentType<nlohmann::json> json_value(JsonMerge merge = {});

}  // namespace vkv
