// Keys and other foreign bytes inside error messages.
#pragma once

#include <string>

#include "core/base/bytes.h"

namespace vkv {

// Single-quoted valid UTF-8 on one line: well-formed characters as they are; control characters,
// backslash and bytes that are not UTF-8 as \xNN. Beyond 64 bytes of input it is cut, with "..."
// after the quote.
std::string printable(BytesView bytes);

}  // namespace vkv
