// How SQL functions name a table in their first argument.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vkv::ext {

struct TableName {
  std::optional<std::string> schema;
  std::string table;
};

// `table` or `schema.table`, each part bare (anything but a dot) or quoted as SQL quotes
// identifiers: "…", `…`, […]. Throws InvalidArgument showing `text` when it is neither.
TableName parse_table_name(std::string_view text);

// Whether SQLite takes both for the same schema or table.
bool same_name(const std::string& a, const std::string& b);

}  // namespace vkv::ext
