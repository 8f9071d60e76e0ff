#include "tests/bench/measure.h"

#include <gtest/gtest.h>

#include <string>

namespace vkv::bench {
namespace {

TEST(Measure, MedianOfOddAndEvenCounts) {
  EXPECT_EQ(median({3, 1, 2}), 2);
  EXPECT_EQ(median({4, 1, 3, 2}), 2.5);
}

TEST(Measure, RunsTakeTurnsAndSwapWhoIsFirst) {
  std::string order;
  compare(
      4, [&] { return order += 'r', Sample{}; }, [&] { return order += 'm', Sample{}; });
  EXPECT_EQ(order, "rmmrrmmr");
}

TEST(Measure, MediansOfEachSideWithoutTheWarmUp) {
  int reference = 0;
  int measured = 0;
  const Measurement result = compare(
      3, [&] { return Sample{.amount = static_cast<double>(reference++)}; },
      [&] { return Sample{.amount = static_cast<double>(10 * measured++)}; }, /*warm_up=*/1);
  EXPECT_EQ(result.reference, 2);
  EXPECT_EQ(result.measured, 20);
}

TEST(Measure, AWrongAnswerIsNotMeasured) {
  EXPECT_THROW(compare(
                   1, [] { return Sample{.tally = 1}; }, [] { return Sample{.tally = 2}; }),
               Disagreement);
}

}  // namespace
}  // namespace vkv::bench
