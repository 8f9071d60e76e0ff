// What time it is.
#pragma once

#include <chrono>
#include <cstdint>

namespace vkv::ext {

// Milliseconds since 1970 UTC.
inline std::int64_t now() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count();
}

}  // namespace vkv::ext
