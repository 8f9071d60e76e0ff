// Points in time as SQL text; commits hold milliseconds since 1970 UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vkv::ext {

// What a commit's time may be set to through SQL: the years 0000 to 9999.
inline constexpr std::int64_t kEarliestTimestamp = -62'167'219'200'000;
inline constexpr std::int64_t kLatestTimestamp = 253'402'300'799'999;

// ISO 8601 in UTC: YYYY-MM-DDTHH:MM:SSZ, with .mmm before the Z unless it is zero. Years beyond
// four digits get a sign, as the standard's expanded form.
std::string format_timestamp(std::int64_t milliseconds);

// YYYY-MM-DD, or that and HH:MM[:SS[.fraction]] after a T or a space, then optionally Z or ±HH:MM
// (UTC without). Digits beyond milliseconds are dropped. Absent when `text` is none of these, no
// such date or time exists, or it is out of range.
std::optional<std::int64_t> parse_timestamp(std::string_view text);

// Seconds since 1970, rounded to milliseconds; absent when out of range.
std::optional<std::int64_t> timestamp_from_seconds(double seconds);

}  // namespace vkv::ext
