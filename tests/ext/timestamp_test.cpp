#include "ext/timestamp.h"

#include <gtest/gtest.h>

#include <limits>

namespace vkv::ext {
namespace {

TEST(Timestamp, ReadsAndPrints) {
  const struct {
    const char* text;
    std::int64_t milliseconds;
    const char* printed;
  } cases[] = {
      {"1970-01-01", 0, "1970-01-01T00:00:00Z"},
      {"2026-01-02T03:04:05Z", 1'767'323'045'000, "2026-01-02T03:04:05Z"},
      {"2026-01-02 03:04:05", 1'767'323'045'000, "2026-01-02T03:04:05Z"},
      {"2026-01-02T03:04", 1'767'323'040'000, "2026-01-02T03:04:00Z"},
      {"2026-01-02T03:04:05.6Z", 1'767'323'045'600, "2026-01-02T03:04:05.600Z"},
      {"2026-01-02T03:04:05.0019", 1'767'323'045'001, "2026-01-02T03:04:05.001Z"},
      {"2026-01-02T03:04:05+01:30", 1'767'317'645'000, "2026-01-02T01:34:05Z"},
      {"2026-01-02T03:04:05-01:30", 1'767'328'445'000, "2026-01-02T04:34:05Z"},
      {"2024-02-29", 1'709'164'800'000, "2024-02-29T00:00:00Z"},
      {"1969-12-31T23:59:59.999", -1, "1969-12-31T23:59:59.999Z"},
      {"0000-01-01", kEarliestTimestamp, "0000-01-01T00:00:00Z"},
      {"9999-12-31T23:59:59.999Z", kLatestTimestamp, "9999-12-31T23:59:59.999Z"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(parse_timestamp(c.text), c.milliseconds) << c.text;
    EXPECT_EQ(format_timestamp(c.milliseconds), c.printed);
    EXPECT_EQ(parse_timestamp(c.printed), c.milliseconds) << c.printed;
  }
}

TEST(Timestamp, RefusesWhatIsNone) {
  for (const char* text : {"",
                           "now",
                           "1767323045",
                           "2026",
                           "2026-1-2",
                           "2026-13-01",
                           "2026-00-01",
                           "2026-01-00",
                           "2026-02-29",
                           "2026-01-32",
                           "2026-01-02T",
                           "2026-01-02T24:00",
                           "2026-01-02T03:60",
                           "2026-01-02T03:04:60",
                           "2026-01-02T03:04:05.",
                           "2026-01-02T03:04:05,5",
                           "2026-01-02T03:04:05z",
                           "2026-01-02T03:04:05 Z",
                           "2026-01-02T03:04:05+0130",
                           "2026-01-02T03:04:05+24:00",
                           "2026-01-02Z",
                           "2026-01-02T03:04:05ZZ",
                           "12026-01-02",
                           "-0001-01-02",
                           "0000-01-01T00:00+00:01",
                           "9999-12-31T23:59:59-00:01"}) {
    EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
  }
}

TEST(Timestamp, PrintsAnythingACommitMayHold) {
  EXPECT_EQ(format_timestamp(kLatestTimestamp + 1), "+10000-01-01T00:00:00Z");
  EXPECT_EQ(format_timestamp(kEarliestTimestamp - 1), "-0001-12-31T23:59:59.999Z");
  EXPECT_EQ(format_timestamp(std::numeric_limits<std::int64_t>::max()),
            "+292278994-08-17T07:12:55.807Z");
  EXPECT_EQ(format_timestamp(std::numeric_limits<std::int64_t>::min()),
            "-292275055-05-16T16:47:04.192Z");
}

TEST(Timestamp, TakesSeconds) {
  EXPECT_EQ(timestamp_from_seconds(0), 0);
  EXPECT_EQ(timestamp_from_seconds(-1.5), -1500);
  EXPECT_EQ(timestamp_from_seconds(1767323045.6004), 1'767'323'045'600);
  EXPECT_EQ(timestamp_from_seconds(253'402'300'799), kLatestTimestamp - 999);
  EXPECT_EQ(timestamp_from_seconds(253'402'300'800), std::nullopt);
  EXPECT_EQ(timestamp_from_seconds(-62'167'219'201), std::nullopt);
  EXPECT_EQ(timestamp_from_seconds(1e300), std::nullopt);
  EXPECT_EQ(timestamp_from_seconds(std::numeric_limits<double>::quiet_NaN()), std::nullopt);
}

}  // namespace
}  // namespace vkv::ext
