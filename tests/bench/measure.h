// Timing two things against each other.
#pragma once

#include <cstdint>
#include <ctime>
#include <functional>
#include <stdexcept>
#include <vector>

namespace vkv::bench {

// wall is what a user waits; cpu, this process's processor time, is steadier on a busy machine but
// does not see the disk.
enum class Clock : clockid_t { wall = CLOCK_MONOTONIC, cpu = CLOCK_PROCESS_CPUTIME_ID };

class Stopwatch {
 public:
  explicit Stopwatch(Clock clock) : clock_(clock), start_(now()) {}
  double seconds() const { return now() - start_; }

 private:
  double now() const;

  Clock clock_;
  double start_;
};

// What one run took, in seconds or whatever is measured, for one of its operations; and what it
// computed, which both sides must agree on.
struct Sample {
  double amount = 0;
  std::uint64_t tally = 0;
};

struct Measurement {
  double reference = 0;
  double measured = 0;
};

// The two sides did not compute the same.
class Disagreement : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What a workload needs is not there; the message says what.
class Unavailable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

double median(std::vector<double> values);

using Run = std::function<Sample()>;

// Medians of `rounds` runs each, taken in turn, now one first and now the other. The first
// `warm_up` rounds are run and not counted.
Measurement compare(int rounds, const Run& reference, const Run& measured, int warm_up = 0);

}  // namespace vkv::bench
