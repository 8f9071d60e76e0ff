// The time of day.
#pragma once

#include <chrono>
#include <cstdint>

namespace vkv {

// Milliseconds since 1970 UTC, by the system's clock.
inline std::int64_t system_milliseconds() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace vkv
