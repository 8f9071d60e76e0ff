// The arguments of CREATE VIRTUAL TABLE … USING vkv(…).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vkv::ext {

struct TableArguments {
  std::optional<std::string> branch;  // where connections start
};

// Each argument as SQLite hands it over: name=value, the value bare, 'single' or "double" quoted.
// Throws InvalidArgument naming an argument that is malformed, unknown, or given twice.
TableArguments parse_table_arguments(std::span<const char* const> arguments);

}  // namespace vkv::ext
