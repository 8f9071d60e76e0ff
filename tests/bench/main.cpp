// vkv_bench: the versioned table against a plain one, in the same process.
#include <fnmatch.h>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "tests/bench/options.h"
#include "tests/bench/report.h"

namespace vkv::bench {
namespace {

std::vector<Workload> all_workloads() {
  std::vector<Workload> all;
  for (const auto& group : {load_workloads(), read_workloads(), write_workloads(),
                            history_workloads(), store_workloads(), merge_workloads()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

bool is_wanted(const Workload& workload, const std::string& only) {
  return fnmatch(("*" + only + "*").c_str(), workload.name.c_str(), 0) == 0;
}

Outcome run(const Workload& workload, Bench& bench) {
  Outcome outcome{.workload = workload.name,
                  .against = workload.against,
                  .unit = workload.unit,
                  .bar = workload.bar,
                  .measurement = {},
                  .reason = {}};
  try {
    outcome.measurement = workload.run(bench);
  } catch (const Unavailable& error) {
    outcome.reason = error.what();
  } catch (const std::exception& error) {
    outcome.reason = error.what();
    outcome.failed = true;
  }
  return outcome;
}

Report measure(const Options& options) {
  Bench bench(options.settings);
  // Without a working extension there is nothing to measure.
  const std::int64_t page_size = bench.empty(Kind::vkv).table.page_size();
  Report report{.machine = describe_machine(page_size),
                .rows = options.settings.rows,
                .repeat = options.settings.repeat,
                .clock = options.settings.clock == Clock::wall ? "wall" : "cpu",
                .outcomes = {}};
  print_heading(std::cout, report);
  for (const Workload& workload : all_workloads()) {
    if (!is_wanted(workload, options.only)) continue;
    report.outcomes.push_back(run(workload, bench));
    print_outcome(std::cout, report.outcomes.back());
  }
  return report;
}

void write_json(const Report& report, const std::filesystem::path& path) {
  std::ofstream file(path);
  file << to_json(report).dump(2) << "\n";
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

std::string markdown(const std::vector<std::filesystem::path>& files) {
  std::vector<Report> reports;
  for (const auto& path : files) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path.string());
    reports.push_back(report_from_json(nlohmann::ordered_json::parse(file)));
  }
  return to_markdown(reports);
}

// A bar that is missed is no failure: an absolute time means nothing on a shared machine.
int main_or_throw(const Options& options) {
  if (options.resident) {
    std::cout << peak_resident_bytes(options.settings, *options.resident) << "\n";
    return 0;
  }
  if (!options.markdown.empty()) {
    std::cout << markdown(options.markdown);
    return 0;
  }
  const Report report = measure(options);
  if (!options.json.empty()) write_json(report, options.json);
  const bool failed = std::any_of(report.outcomes.begin(), report.outcomes.end(),
                                  [](const Outcome& outcome) { return outcome.failed; });
  return failed || report.outcomes.empty() ? 1 : 0;
}

}  // namespace
}  // namespace vkv::bench

int main(int argc, char** argv) {
  try {
    return vkv::bench::main_or_throw(vkv::bench::parse_options(argc, argv));
  } catch (const std::invalid_argument& error) {
    std::cerr << "vkv_bench: " << error.what() << "\n" << vkv::bench::kUsage;
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "vkv_bench: " << error.what() << "\n";
    return 1;
  }
}
