#include "tests/bench/report.h"

#include <array>
#include <cstdio>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>

namespace vkv::bench {

bool Bar::holds(const Measurement& m) const {
  switch (kind) {
    case Kind::ratio:
      return m.measured <= value * m.reference;
    case Kind::margin:
      return m.measured <= m.reference + value;
    case Kind::limit:
      return m.measured <= value;
  }
  return false;
}

namespace {

using Json = nlohmann::ordered_json;

struct Step {
  double size;
  const char* name;
};

// `amount` in the largest of `steps` (in descending order) it reaches, with three digits.
template <std::size_t N>
std::string scaled(double amount, const std::array<Step, N>& steps) {
  std::size_t i = 0;
  while (i + 1 < N && amount < steps[i].size) ++i;
  const double shown = amount / steps[i].size;
  std::ostringstream out;
  out << std::fixed
      << std::setprecision(shown < 9.995   ? 2
                           : shown < 99.95 ? 1
                                           : 0)
      << shown << " " << steps[i].name;
  return out.str();
}

std::string amount_text(double amount, Unit unit) {
  static constexpr std::array<Step, 4> kTimes{{{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}, {1e-9, "ns"}}};
  static constexpr std::array<Step, 3> kSizes{{{1 << 20, "MiB"}, {1 << 10, "KiB"}, {1, "bytes"}}};
  static constexpr std::array<Step, 1> kChunks{{{1, "chunks"}}};
  switch (unit) {
    case Unit::seconds:
      return scaled(amount, kTimes);
    case Unit::bytes:
      return scaled(amount, kSizes);
    case Unit::chunks:
      return scaled(amount, kChunks);
  }
  return {};
}

std::string number(double value) {
  std::ostringstream out;
  out << std::fixed << std::setprecision(2) << value;
  return out.str();
}

std::string bar_text(const Bar& bar, Unit unit) {
  switch (bar.kind) {
    case Bar::Kind::ratio:
      return "≤ " + number(bar.value);
    case Bar::Kind::margin:
      return "≤ + " + amount_text(bar.value, unit);
    case Bar::Kind::limit:
      return "≤ " + amount_text(bar.value, unit);
  }
  return {};
}

std::string ratio_text(const Outcome& outcome) {
  if (!outcome.measurement || outcome.against.empty()) return "";
  return number(outcome.measurement->measured / outcome.measurement->reference);
}

std::string verdict(const Outcome& outcome) {
  if (outcome.failed) return "FAILED: " + outcome.reason;
  if (!outcome.measurement) return "not available: " + outcome.reason;
  return outcome.within_bar() ? "yes" : "NO";
}

// Columns are as wide as their text looks: UTF-8 continuation bytes take no room.
std::string padded(const std::string& text, std::size_t width, bool right) {
  std::size_t shown = 0;
  for (const char c : text) shown += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  const std::string space(shown < width ? width - shown : 0, ' ');
  return right ? space + text : text + space;
}

void print_line(std::ostream& out, const std::array<std::string, 7>& cells) {
  static constexpr std::array<std::size_t, 6> kWidths{59, 24, 10, 10, 6, 14};
  for (std::size_t i = 0; i < kWidths.size(); ++i)
    out << padded(cells[i], kWidths[i], i >= 2) << "  ";
  out << cells.back() << std::endl;
}

template <typename Enum, std::size_t N>
Enum from_name(const std::string& name, const std::array<const char*, N>& names) {
  for (std::size_t i = 0; i < N; ++i) {
    if (name == names[i]) return static_cast<Enum>(i);
  }
  throw std::runtime_error("not a report: " + name);
}

constexpr std::array<const char*, 3> kUnits{"seconds", "bytes", "chunks"};
constexpr std::array<const char*, 3> kBars{"ratio", "margin", "limit"};

Json outcome_to_json(const Outcome& outcome) {
  Json json{{"workload", outcome.workload},
            {"against", outcome.against},
            {"unit", kUnits[static_cast<std::size_t>(outcome.unit)]},
            {"bar", kBars[static_cast<std::size_t>(outcome.bar.kind)]},
            {"bar_value", outcome.bar.value}};
  if (outcome.measurement) {
    if (!outcome.against.empty()) json["reference"] = outcome.measurement->reference;
    json["measured"] = outcome.measurement->measured;
    json["within_bar"] = outcome.within_bar();
  } else {
    json["reason"] = outcome.reason;
    json["failed"] = outcome.failed;
  }
  return json;
}

Outcome outcome_from_json(const Json& json) {
  Outcome outcome{
      .workload = json.at("workload"),
      .against = json.at("against"),
      .unit = from_name<Unit>(json.at("unit"), kUnits),
      .bar = {from_name<Bar::Kind>(json.at("bar"), kBars), json.at("bar_value").get<double>()},
      .measurement = {},
      .reason = json.value("reason", ""),
      .failed = json.value("failed", false)};
  if (json.contains("measured")) {
    outcome.measurement = Measurement{.reference = json.value("reference", 0.0),
                                      .measured = json.at("measured").get<double>()};
  }
  return outcome;
}

const Outcome* find(const Report& report, const Outcome& like) {
  for (const Outcome& outcome : report.outcomes) {
    if (outcome.workload == like.workload && outcome.against == like.against) return &outcome;
  }
  return nullptr;
}

// What a reader of the README wants to see of one measurement.
std::string markdown_cell(const Outcome* outcome) {
  if (outcome == nullptr || !outcome->measurement) return "—";
  const std::string ratio = outcome->bar.kind == Bar::Kind::ratio
                                ? ratio_text(*outcome)
                                : amount_text(outcome->measurement->measured, outcome->unit);
  return outcome->within_bar() ? ratio : "**" + ratio + "**";
}

// 1 000 000
std::string grouped(std::uint64_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, " ");
  return digits;
}

}  // namespace

void print_heading(std::ostream& out, const Report& report) {
  for (const auto& [name, value] : report.machine) out << name << ": " << value << "\n";
  out << grouped(report.rows) << " rows; medians of " << report.repeat << " interleaved runs, "
      << report.clock << " time\n\n";
  print_line(out, {"workload", "against", "reference", "vkv", "ratio", "bar", "ok"});
}

void print_outcome(std::ostream& out, const Outcome& outcome) {
  const bool measured = outcome.measurement.has_value();
  const bool has_reference = measured && !outcome.against.empty();
  print_line(out, {outcome.workload, outcome.against,
                   has_reference ? amount_text(outcome.measurement->reference, outcome.unit) : "",
                   measured ? amount_text(outcome.measurement->measured, outcome.unit) : "",
                   ratio_text(outcome), bar_text(outcome.bar, outcome.unit), verdict(outcome)});
}

Json to_json(const Report& report) {
  Json machine = Json::object();
  for (const auto& [name, value] : report.machine) machine[name] = value;
  Json outcomes = Json::array();
  for (const Outcome& outcome : report.outcomes) outcomes.push_back(outcome_to_json(outcome));
  return {{"machine", machine},
          {"rows", report.rows},
          {"repeat", report.repeat},
          {"clock", report.clock},
          {"outcomes", outcomes}};
}

Report report_from_json(const Json& json) {
  Report report;
  for (const auto& [name, value] : json.at("machine").items())
    report.machine.emplace_back(name, value);
  report.rows = json.at("rows");
  report.repeat = json.at("repeat");
  report.clock = json.at("clock");
  for (const Json& outcome : json.at("outcomes"))
    report.outcomes.push_back(outcome_from_json(outcome));
  return report;
}

std::string to_markdown(std::span<const Report> reports) {
  std::ostringstream out;
  out << "| workload | against | bar |";
  for (const Report& report : reports) out << " " << grouped(report.rows) << " rows |";
  out << "\n|---|---|---|";
  for (std::size_t i = 0; i < reports.size(); ++i) out << "---:|";
  out << "\n";
  for (const Outcome& outcome : reports.front().outcomes) {
    out << "| " << outcome.workload << " | " << outcome.against << " | "
        << bar_text(outcome.bar, outcome.unit) << " |";
    for (const Report& report : reports) out << " " << markdown_cell(find(report, outcome)) << " |";
    out << "\n";
  }
  out << "\nMedians of " << reports.front().repeat << " interleaved runs";
  for (const auto& [name, value] : reports.front().machine) out << "; " << name << ": " << value;
  out << ".\n";
  return out.str();
}

}  // namespace vkv::bench
