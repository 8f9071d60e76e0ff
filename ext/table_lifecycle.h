// What CREATE VIRTUAL TABLE, ALTER TABLE … RENAME and DROP TABLE do to the shadow tables.
//
// Each runs several statements, and is all-or-nothing within the SQL statement that drives it.
#pragma once

#include <string_view>

#include "core/kv/sqlite.h"
#include "ext/table_arguments.h"

namespace vkv::ext {

// Creates them; or, where they are there already (a restored dump, a file that the C++ Disk store
// wrote), checks their format and type and keeps what they hold. Throws InvalidArgument naming what
// is wrong with an argument or which shadow tables are missing, Unsupported for a newer format.
void create_shadow_tables(sqlite3* db, std::string_view schema, std::string_view table,
                          const TableArguments& arguments);
void rename_shadow_tables(sqlite3* db, std::string_view schema, std::string_view from,
                          std::string_view to);
// Those that are there.
void drop_shadow_tables(sqlite3* db, std::string_view schema, std::string_view table);

// Whether <t>_`suffix` is one of them.
bool is_shadow_suffix(std::string_view suffix);

}  // namespace vkv::ext
