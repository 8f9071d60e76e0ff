// Byte strings, as every layer passes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vkv {

// Owned bytes: any content, embedded NULs included.
using Bytes = std::string;
// Borrowed bytes: valid as long as their owner is.
using BytesView = std::string_view;

// Lower-case hexadecimal, two digits a byte.
std::string to_hex(BytesView bytes);
// The inverse, either case; absent when `hex` is not an even number of hex digits.
std::optional<Bytes> from_hex(std::string_view hex);

}  // namespace vkv
