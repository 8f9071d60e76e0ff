// UTF-8, as far as the engine looks into text.
#pragma once

#include <cstddef>

#include "core/base/bytes.h"

namespace vkv {

// Length in bytes of the well-formed UTF-8 character `text` starts with; 0 when there is none.
std::size_t utf8_character(BytesView text);

// Whether `text` is well-formed UTF-8 throughout.
bool is_utf8(BytesView text);

}  // namespace vkv
