// Debian's package inventory as rows, loaded as sql/demo.sql loads it.
#pragma once

#include <filesystem>

#include "tests/support/database.h"

namespace vkv::test {

// Makes the tables temp.line(text), the lines of a dpkg status file that are not empty, and
// temp.package(name, version, section, size), made of it by the demo's own statement.
void load_packages(Database& db, const std::filesystem::path& status,
                   const std::filesystem::path& demo);

}  // namespace vkv::test
