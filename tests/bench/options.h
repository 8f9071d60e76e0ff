// The command line of vkv_bench.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/bench/bench.h"

namespace vkv::bench {

struct Options {
  Settings settings;
  std::string only;                             // part of a workload's name, or a GLOB
  std::filesystem::path json;                   // empty: none is written
  std::vector<std::filesystem::path> markdown;  // reports to turn into README's section
  std::optional<Kind> resident;                 // measure memory in this process, and nothing else
};

extern const char* const kUsage;

// Throws std::invalid_argument naming what is wrong.
Options parse_options(int argc, char** argv);

}  // namespace vkv::bench
