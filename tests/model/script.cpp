#include "tests/model/script.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <random>
#include <stdexcept>

namespace vkv::model {
namespace {

struct Weight {
  Kind kind;
  int weight;
};

constexpr Weight kWeights[] = {
    {Kind::insert, 90},
    {Kind::insert_range, 25},
    {Kind::update, 50},
    {Kind::update_key, 20},
    {Kind::update_both, 15},
    {Kind::update_range, 15},
    {Kind::shift_keys, 10},
    {Kind::remove, 40},
    {Kind::remove_range, 15},
    {Kind::remove_all, 3},
    {Kind::get, 40},
    {Kind::get_nocase, 8},
    {Kind::get_in, 20},
    {Kind::scan, 40},
    {Kind::glob, 10},
    {Kind::like, 10},
    {Kind::count, 10},
    {Kind::all, 10},
    {Kind::commit, 70},
    {Kind::branch, 15},
    {Kind::branch_delete, 9},
    {Kind::checkout, 40},
    {Kind::merge, 45},
    {Kind::reset, 10},
    {Kind::where, 20},
    {Kind::hash, 25},
    {Kind::merge_base, 10},
    {Kind::rev_parse, 10},
    {Kind::log, 8},
    {Kind::diff, 15},
    {Kind::status, 15},
    {Kind::branches, 8},
    {Kind::check, 2},
    {Kind::begin, 45},
    {Kind::begin_immediate, 10},
    {Kind::commit_transaction, 25},
    {Kind::rollback, 12},
    {Kind::savepoint, 45},
    {Kind::release, 20},
    {Kind::rollback_to, 30},
    {Kind::cas, 15},
    {Kind::tag, 10},
    {Kind::tag_delete, 4},
    {Kind::tags, 4},
    {Kind::refresh, 8},
    {Kind::reset_to, 8},
    {Kind::branch_rename, 9},
    {Kind::workspace, 25},
    {Kind::workspace_delete, 6},
    {Kind::workspaces, 6},
};

std::string hex(std::uint8_t byte) {
  char digits[3];
  std::snprintf(digits, sizeof digits, "%02x", byte);
  return digits;
}

std::vector<std::uint8_t> parse_hex(const std::string& line) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i + 1 < line.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(line.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

}  // namespace

Configuration Script::options() const {
  return {(configuration & 1) != 0, (configuration & 2) != 0, (configuration & 4) != 0};
}

Script random_script(std::uint64_t seed, std::size_t records) {
  std::mt19937_64 random(seed);
  int total = 0;
  for (const Weight& weight : kWeights) total += weight.weight;
  const auto byte = [&] { return static_cast<std::uint8_t>(random()); };

  Script script{byte(), {}};
  std::uint8_t connection = 0;
  for (std::size_t i = 0; i < records; ++i) {
    if (random() % 6 == 0) connection ^= 1;
    auto point = static_cast<int>(random() % static_cast<std::uint64_t>(total));
    const Weight* chosen = kWeights;
    while (point >= chosen->weight) point -= (chosen++)->weight;
    const auto view = random() % 4 == 0 ? byte() % static_cast<std::uint8_t>(View::end) : 0;
    script.records.push_back({static_cast<std::uint8_t>(chosen->kind),
                              static_cast<std::uint8_t>(connection + 2 * view), byte(), byte(),
                              byte()});
  }
  return script;
}

Script read_script(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  Script script;
  bool first = true;
  for (std::string line; std::getline(in, line);) {
    line.erase(std::min(line.find('#'), line.size()));
    line.erase(line.find_last_not_of(' ') + 1);
    if (line.empty()) continue;
    const auto bytes = parse_hex(line);
    if (bytes.size() != (first ? 1 : kRecordSize)) {
      throw std::runtime_error(file.string() + ": not a line of a run: " + line);
    }
    if (first) {
      script.configuration = bytes[0];
    } else {
      script.records.push_back({bytes[0], bytes[1], bytes[2], bytes[3], bytes[4]});
    }
    first = false;
  }
  return script;
}

std::string to_text(const Script& script, const std::vector<std::string>& comments) {
  std::string text = hex(script.configuration) + "\n";
  for (std::size_t i = 0; i < script.records.size(); ++i) {
    for (const std::uint8_t byte : script.records[i]) text += hex(byte);
    text += i < comments.size() ? "  # " + comments[i] + "\n" : "\n";
  }
  return text;
}

// Leaves out chunks, of half the run at first, then smaller ones, as delta debugging does (Zeller,
// "Yesterday, my program worked. Today, it does not. Why?").
Script shrink(Script script, const std::function<bool(const Script&)>& fails) {
  for (std::size_t size = script.records.size() / 2; size > 0;) {
    bool shrunk = false;
    for (std::size_t start = 0; start < script.records.size();) {
      Script smaller{script.configuration, script.records};
      const auto first = smaller.records.begin() + static_cast<std::ptrdiff_t>(start);
      const auto left = smaller.records.size() - start;
      smaller.records.erase(first, first + static_cast<std::ptrdiff_t>(std::min(size, left)));
      if (fails(smaller)) {
        script = std::move(smaller);
        shrunk = true;
      } else {
        start += size;
      }
    }
    if (!shrunk || size > script.records.size()) size /= 2;
  }
  return script;
}

}  // namespace vkv::model
