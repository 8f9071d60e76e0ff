// Driver: runs the same actions on the model and on a real table, and compares every answer.
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/model/model.h"
#include "tests/model/script.h"

namespace vkv::model {

struct Result {
  std::string divergence;               // empty: none
  std::vector<std::string> statements;  // of each record up to the divergence
  std::size_t operations = 0;
};

// What is done to the real side alone, to see that the comparison finds it.
enum class Defect {
  none,
  rollback_to_forgets_a_row,
  reset_leaves_a_row,
  merge_loses_a_row,
  workspace_loses_a_row,
  namespace_reaches_beyond,
  branch_view_loses_a_row,
};

// Runs on a fresh table: in memory, or with two connections on a file in `directory`.
Result run_both(const Script& script, const std::filesystem::path& directory,
                Defect defect = Defect::none);

}  // namespace vkv::model
