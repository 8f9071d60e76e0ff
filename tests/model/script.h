// Scripts: the byte strings of runs as lists of records, made, stored and shrunk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tests/model/action.h"

namespace vkv::model {

struct Script {
  std::uint8_t configuration = 0;
  std::vector<Record> records;

  Configuration options() const;
};

// The same script for the same seed, weighted towards open transactions.
Script random_script(std::uint64_t seed, std::size_t records);

// As a corpus file: a line of hex for the configuration, then one for each record. What follows a #
// is a comment, such as the statement a record stands for.
Script read_script(const std::filesystem::path& file);
std::string to_text(const Script& script, const std::vector<std::string>& comments);

// The smallest script it finds by leaving out records that `fails`.
Script shrink(Script script, const std::function<bool(const Script&)>& fails);

}  // namespace vkv::model
