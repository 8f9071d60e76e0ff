// Keys as SQL hands them over.
#pragma once

#include <optional>

#include "core/base/bytes.h"
#include "core/kv/sqlite.h"

namespace vkv::ext {

// `value` as the column `key` takes it: text as it is, a number as its text. Absent for NULL and
// blobs, which are no keys. The view lives as long as the value. Throws std::bad_alloc.
std::optional<BytesView> key_text(sqlite3_value* value);

}  // namespace vkv::ext
