// Report: what was measured, as a table, as JSON, as README's section.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "tests/bench/workload.h"

namespace vkv::bench {

// One line of the report: a workload and what came of it.
struct Outcome {
  std::string workload;
  std::string against;
  Unit unit = Unit::seconds;
  Bar bar;
  std::optional<Measurement> measurement;
  std::string reason;   // why there is no measurement
  bool failed = false;  // and that it is an error

  bool within_bar() const { return measurement && bar.holds(*measurement); }
};

struct Report {
  // Where and how it was measured, for the reader: CPU, kernel, compiler, …
  std::vector<std::pair<std::string, std::string>> machine;
  std::uint64_t rows = 0;
  int repeat = 0;
  std::string clock;
  std::vector<Outcome> outcomes;
};

// This machine and these libraries, now.
std::vector<std::pair<std::string, std::string>> describe_machine(std::int64_t page_size);

// Prints one line at a time, so that a long run shows where it is.
void print_heading(std::ostream& out, const Report& report);
void print_outcome(std::ostream& out, const Outcome& outcome);

nlohmann::ordered_json to_json(const Report& report);
// Throws nlohmann's exceptions where `json` is not what to_json() makes.
Report report_from_json(const nlohmann::ordered_json& json);

// One Markdown table with a column of ratios for each report, and the machine of the first.
std::string to_markdown(std::span<const Report> reports);

}  // namespace vkv::bench
