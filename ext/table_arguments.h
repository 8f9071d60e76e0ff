// The arguments of CREATE VIRTUAL TABLE … USING vkv(…).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vkv::ext {

struct TableArguments {
  std::optional<std::string> type;    // versioned (the default) or live
  std::optional<std::string> branch;  // where connections start

  bool is_live() const { return type == "live"; }
};

// Each argument as SQLite hands it over: name=value, the value bare, 'single' or "double" quoted.
// Throws InvalidArgument naming an argument that is malformed, unknown, given twice, or at odds
// with another.
TableArguments parse_table_arguments(std::span<const char* const> arguments);

}  // namespace vkv::ext
