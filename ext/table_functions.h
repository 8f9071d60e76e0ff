// The table-valued functions.
#pragma once

#include <memory>

#include "ext/connection.h"

namespace vkv::ext {

// Adds them all to `db`, the connection's. Returns SQLite's result code.
int register_table_functions(sqlite3* db, const std::shared_ptr<Connection>& connection);

}  // namespace vkv::ext
