#include "ext/timestamp.h"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace vkv::ext {
namespace {

constexpr std::int64_t kMillisecondsADay = 86'400'000;
// The Gregorian calendar repeats after 400 years.
constexpr std::int64_t kYearsACycle = 400;
constexpr std::int64_t kDaysACycle = 146'097;

std::int64_t floor_divide(std::int64_t dividend, std::int64_t divisor) {
  return dividend / divisor - (dividend % divisor < 0 ? 1 : 0);
}

std::int64_t floor_remainder(std::int64_t dividend, std::int64_t divisor) {
  const std::int64_t remainder = dividend % divisor;
  return remainder < 0 ? remainder + divisor : remainder;
}

// Reads a text front to back; each call takes what it asks for, or nothing.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // A number of exactly `width` digits that is at most `largest`.
  std::optional<int> number(std::size_t width, int largest) {
    if (rest_.size() < width) return {};
    int value = 0;
    for (const char c : rest_.substr(0, width)) {
      if (!is_digit(c)) return {};
      value = value * 10 + (c - '0');
    }
    if (value > largest) return {};
    rest_.remove_prefix(width);
    return value;
  }

  // The digits of a decimal fraction, as thousandths.
  std::optional<int> thousandths() {
    if (at_end() || !is_digit(rest_[0])) return {};
    int value = 0;
    for (int unit = 100; !at_end() && is_digit(rest_[0]); unit /= 10) {
      value += unit * (rest_[0] - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  std::string_view rest_;
};

// Milliseconds since 1970 at the start of a date.
std::optional<std::int64_t> scan_date(Scanner& scanner) {
  const auto year = scanner.number(4, 9999);
  if (!year || !scanner.take('-')) return {};
  const auto month = scanner.number(2, 12);
  if (!month || !scanner.take('-')) return {};
  const auto day = scanner.number(2, 31);
  if (!day) return {};
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return {};
  return std::chrono::sys_days{date}.time_since_epoch().count() * kMillisecondsADay;
}

// Milliseconds of HH:MM.
std::optional<std::int64_t> scan_hours(Scanner& scanner) {
  const auto hours = scanner.number(2, 23);
  if (!hours || !scanner.take(':')) return {};
  const auto minutes = scanner.number(2, 59);
  if (!minutes) return {};
  return (*hours * 60 + *minutes) * 60'000;
}

// Milliseconds of HH:MM[:SS[.fraction]].
std::optional<std::int64_t> scan_time(Scanner& scanner) {
  auto time = scan_hours(scanner);
  if (!time || !scanner.take(':')) return time;
  const auto seconds = scanner.number(2, 59);
  if (!seconds) return {};
  *time += *seconds * 1000;
  if (!scanner.take('.')) return time;
  const auto fraction = scanner.thousandths();
  if (!fraction) return {};
  return *time + *fraction;
}

// What a zone is ahead of UTC, in milliseconds.
std::optional<std::int64_t> scan_zone(Scanner& scanner) {
  if (scanner.at_end() || scanner.take('Z')) return 0;
  if (scanner.take('+')) return scan_hours(scanner);
  if (!scanner.take('-')) return {};
  const auto behind = scan_hours(scanner);
  if (!behind) return {};
  return -*behind;
}

bool in_range(std::int64_t milliseconds) {
  return milliseconds >= kEarliestTimestamp && milliseconds <= kLatestTimestamp;
}

}  // namespace

std::string format_timestamp(std::int64_t milliseconds) {
  const std::int64_t day = floor_divide(milliseconds, kMillisecondsADay);
  const auto in_day = static_cast<int>(floor_remainder(milliseconds, kMillisecondsADay));
  // chrono's years have 16 bits: let it see the first cycle only.
  const std::int64_t cycle = floor_divide(day, kDaysACycle);
  const std::chrono::year_month_day date{
      std::chrono::sys_days{std::chrono::days{floor_remainder(day, kDaysACycle)}}};
  const long long year = int{date.year()} + cycle * kYearsACycle;

  const char* sign = year < 0 ? "-" : year > 9999 ? "+" : "";

  std::array<char, 48> text;
  const int size =
      std::snprintf(text.data(), text.size(), "%s%04lld-%02u-%02uT%02d:%02d:%02d", sign,
                    std::llabs(year), unsigned{date.month()}, unsigned{date.day()},
                    in_day / 3'600'000, in_day / 60'000 % 60, in_day / 1000 % 60);
  std::string out(text.data(), static_cast<std::size_t>(size));
  if (in_day % 1000 != 0) {
    std::snprintf(text.data(), text.size(), ".%03d", in_day % 1000);
    out += text.data();
  }
  return out + "Z";
}

std::optional<std::int64_t> parse_timestamp(std::string_view text) {
  Scanner scanner(text);
  const auto date = scan_date(scanner);
  if (!date || scanner.at_end()) return date;
  if (!scanner.take('T') && !scanner.take(' ')) return {};
  const auto time = scan_time(scanner);
  if (!time) return {};
  const auto zone = scan_zone(scanner);
  if (!zone || !scanner.at_end()) return {};
  const std::int64_t milliseconds = *date + *time - *zone;
  if (!in_range(milliseconds)) return {};
  return milliseconds;
}

std::optional<std::int64_t> timestamp_from_seconds(double seconds) {
  const double milliseconds = std::round(seconds * 1000);
  if (!(milliseconds >= static_cast<double>(kEarliestTimestamp) &&
        milliseconds <= static_cast<double>(kLatestTimestamp))) {
    return {};
  }
  return static_cast<std::int64_t>(milliseconds);
}

}  // namespace vkv::ext
