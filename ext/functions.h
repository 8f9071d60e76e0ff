// The scalar SQL functions. ext/README.md describes each.
#pragma once

#include <memory>

#include "ext/connection.h"

namespace vkv::ext {

// Returns SQLite's result code.
int register_functions(const std::shared_ptr<Connection>& connection);

}  // namespace vkv::ext
