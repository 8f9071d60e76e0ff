// Workloads: one row of the report each.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/bench/bench.h"

namespace vkv::bench {

enum class Unit { seconds, bytes, chunks };

// How far the measured amount may go.
struct Bar {
  enum class Kind {
    ratio,   // times the reference
    margin,  // more than the reference, in the workload's unit
    limit,   // in the workload's unit, whatever the reference
  };
  Kind kind = Kind::ratio;
  double value = 1;

  bool holds(const Measurement& m) const;
};

struct Workload {
  std::string name;
  std::string against;  // what the reference is; empty where there is none
  Unit unit = Unit::seconds;
  Bar bar;
  // Throws Unavailable when the extension lacks what it takes.
  std::function<Measurement(Bench&)> run;
};

std::vector<Workload> load_workloads();
std::vector<Workload> read_workloads();
std::vector<Workload> write_workloads();
std::vector<Workload> history_workloads();
std::vector<Workload> merge_workloads();
std::vector<Workload> store_workloads();

// Bytes of memory a process had at most that did bulk_load into a file of its own, as it reports
// from inside: what `vkv_bench --resident` prints.
std::int64_t peak_resident_bytes(const Settings& settings, Kind kind);

}  // namespace vkv::bench
