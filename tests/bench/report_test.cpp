#include "tests/bench/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace vkv::bench {
namespace {

using testing::HasSubstr;

struct BarCase {
  Bar bar;
  Measurement measurement;
  bool holds;
};

TEST(Bar, Holds) {
  const BarCase cases[] = {
      {{Bar::Kind::ratio, 1.5}, {10, 15}, true},   {{Bar::Kind::ratio, 1.5}, {10, 15.1}, false},
      {{Bar::Kind::margin, 64}, {100, 164}, true}, {{Bar::Kind::margin, 64}, {100, 165}, false},
      {{Bar::Kind::limit, 12}, {0, 12}, true},     {{Bar::Kind::limit, 12}, {100, 13}, false},
  };
  for (const BarCase& c : cases) EXPECT_EQ(c.bar.holds(c.measurement), c.holds) << c.bar.value;
}

Report example() {
  return {.machine = {{"CPU", "a fine one"}, {"cores", "2"}},
          .rows = 1'000'000,
          .repeat = 5,
          .clock = "wall",
          .outcomes = {
              {.workload = "scan",
               .against = "plain",
               .unit = Unit::seconds,
               .bar = {Bar::Kind::ratio, 1.5},
               .measurement = Measurement{.reference = 0.2, .measured = 0.4},
               .reason = {}},
              {.workload = "growth",
               .against = "",
               .unit = Unit::bytes,
               .bar = {Bar::Kind::limit, 12288},
               .measurement = Measurement{.reference = 0, .measured = 2048},
               .reason = {}},
              {.workload = "gc",
               .against = "",
               .unit = Unit::chunks,
               .bar = {Bar::Kind::limit, 1},
               .measurement = {},
               .reason = "there is none"},
          }};
}

std::string line_of(const Outcome& outcome) {
  std::ostringstream out;
  print_outcome(out, outcome);
  return out.str();
}

TEST(Report, ALineShowsBothSidesTheRatioTheBarAndWhetherItHolds) {
  const Report report = example();
  EXPECT_THAT(line_of(report.outcomes[0]),
              testing::MatchesRegex("scan +plain +200 ms +400 ms +2.00 +≤ 1.50  NO\n"));
  EXPECT_THAT(line_of(report.outcomes[1]),
              testing::MatchesRegex("growth +2.00 KiB +≤ 12.0 KiB  yes\n"));
}

TEST(Report, WhatIsNotMeasuredSaysWhy) {
  EXPECT_THAT(line_of(example().outcomes[2]), HasSubstr("not available: there is none"));
}

TEST(Report, SurvivesJson) {
  const nlohmann::ordered_json json = to_json(example());
  EXPECT_EQ(to_json(report_from_json(json)), json);
  EXPECT_THROW(report_from_json({{"machine", {}}}), nlohmann::json::exception);
}

TEST(Report, MarkdownHasAColumnForEachReportAndMarksWhatIsOverItsBar) {
  Report small = example();
  small.rows = 10'000;
  small.outcomes[0].measurement->measured = 0.22;
  const std::vector<Report> reports{small, example()};
  EXPECT_EQ(to_markdown(reports),
            "| workload | against | bar | 10 000 rows | 1 000 000 rows |\n"
            "|---|---|---|---:|---:|\n"
            "| scan | plain | ≤ 1.50 | 1.10 | **2.00** |\n"
            "| growth |  | ≤ 12.0 KiB | 2.00 KiB | 2.00 KiB |\n"
            "| gc |  | ≤ 1.00 chunks | — | — |\n"
            "\n"
            "Medians of 5 interleaved runs; CPU: a fine one; cores: 2.\n");
}

}  // namespace
}  // namespace vkv::bench
