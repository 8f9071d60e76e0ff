// View: the names under which the table of a run is read and written.
#pragma once

#include <cstdint>
#include <string>

#include "tests/model/rows.h"

namespace vkv::model {

// The number of a view is in stored runs: append only.
enum class View : std::uint8_t {
  table,       // kv itself
  name_space,  // n: the keys below k/, where the connection is
  branch,      // b: the branch main, wherever the connection is
  end,
};

inline constexpr const char* kViewedBranch = "main";

std::string name_of(View view);
// The arguments of its CREATE VIRTUAL TABLE … USING vkv.
std::string arguments_of(View view);
// What all its keys start with, and it does not show.
std::string prefix_of(View view);

// What it shows of a version, and the version of which it shows that, but the rest is as in `all`.
RowsPtr shown(View view, const RowsPtr& all);
Rows with_shown(View view, const RowsPtr& all, Rows shown);

}  // namespace vkv::model
