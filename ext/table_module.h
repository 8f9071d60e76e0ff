// The module vkv: what CREATE VIRTUAL TABLE … USING vkv makes.
#pragma once

#include <memory>

#include "ext/connection.h"

namespace vkv::ext {

// Registers it on the connection's db; `connection` lives until the module goes. Returns SQLite's
// result code.
int register_table_module(const std::shared_ptr<Connection>& connection);

}  // namespace vkv::ext
