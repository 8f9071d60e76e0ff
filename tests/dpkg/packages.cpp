#include "tests/dpkg/packages.h"

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace vkv::test {
namespace {

std::string demo_statement(const std::filesystem::path& demo) {
  std::ifstream in(demo);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto start = text.find("CREATE TEMP TABLE package AS");
  const auto end = text.find(";\n", start);
  if (end == std::string::npos) throw std::runtime_error("no package table in " + demo.string());
  return text.substr(start, end - start);
}

}  // namespace

void load_packages(Database& db, const std::filesystem::path& status,
                   const std::filesystem::path& demo) {
  db.must("CREATE TEMP TABLE line(text)");
  std::ifstream in(status);
  if (!in) throw std::runtime_error("cannot read " + status.string());
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) db.run("INSERT INTO line VALUES(?1)", {line});
  }
  db.must(demo_statement(demo));
}

}  // namespace vkv::test
