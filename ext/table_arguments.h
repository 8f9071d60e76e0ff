// The arguments of CREATE VIRTUAL TABLE … USING vkv(…).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/graph/eviction.h"

namespace vkv::ext {

struct TableArguments {
  std::optional<std::string> type;    // versioned (the default) or live
  std::optional<std::string> branch;  // where connections start; of a view: what it shows
  // Of a view:
  std::optional<std::string> store;       // the table it is of, or another view
  std::optional<std::string> name_space;  // called namespace
  std::optional<std::string> ref;
  // The size budget, see water_marks():
  std::optional<std::string> high_water_bytes;
  std::optional<std::string> low_water_bytes;

  bool is_live() const { return type == "live"; }
};

// Each argument as SQLite hands it over: name=value, the value bare, 'single' or "double" quoted.
// Throws InvalidArgument naming an argument that is malformed, unknown, given twice, or at odds
// with another.
TableArguments parse_table_arguments(std::span<const char* const> arguments);

// Whether one of them is called store, whatever is wrong with them otherwise.
bool is_view_of_a_store(std::span<const char* const> arguments);

// The size budget that the arguments give the table; absent: none. Throws InvalidArgument naming
// the argument that is no whole number of bytes above 0, a low water above the high one or without
// it.
std::optional<WaterMarks> water_marks(const TableArguments& arguments);

}  // namespace vkv::ext
