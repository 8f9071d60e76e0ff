// JSON as the persisted formats hold it.
#pragma once

#include "core/base/bytes.h"

namespace vkv {

// `text`, which must be exactly one JSON object (RFC 8259, UTF-8), in canonical form: compact,
// members in memcmp order of their names, numbers and strings in their shortest form. Equal objects
// have equal forms. Throws InvalidArgument saying why it is none: malformed, not an object, a name
// given twice, nested deeper than 100 levels, a number that no 64-bit integer or double can hold.
Bytes canonical_json_object(BytesView text);

// `text` as a JSON string; what is not UTF-8 in it becomes U+FFFD.
Bytes json_string(BytesView text);

}  // namespace vkv
