#include "tests/bench/measure.h"

#include <algorithm>
#include <string>

namespace vkv::bench {

double Stopwatch::now() const {
  timespec time{};
  clock_gettime(static_cast<clockid_t>(clock_), &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

Measurement compare(int rounds, const Run& reference, const Run& measured, int warm_up) {
  std::vector<double> references;
  std::vector<double> measurements;
  for (int round = -warm_up; round < rounds; ++round) {
    Sample a;
    Sample b;
    const bool reference_first = round % 2 == 0;
    if (reference_first) a = reference();
    b = measured();
    if (!reference_first) a = reference();
    if (a.tally != b.tally) {
      throw Disagreement("the sides disagree: " + std::to_string(a.tally) + " and " +
                         std::to_string(b.tally));
    }
    if (round < 0) continue;
    references.push_back(a.amount);
    measurements.push_back(b.amount);
  }
  return {.reference = median(std::move(references)), .measured = median(std::move(measurements))};
}

}  // namespace vkv::bench
