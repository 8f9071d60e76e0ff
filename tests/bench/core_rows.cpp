#include "tests/bench/core_rows.h"

#include <algorithm>

namespace vkv::bench {
namespace {

const Dataset& dataset() {
  static const Dataset data;
  return data;
}

}  // namespace

std::vector<CoreRow> loaded_rows(std::uint64_t count) {
  std::vector<CoreRow> rows;
  rows.reserve(count);
  for (std::uint64_t row = 0; row < count; ++row) {
    rows.push_back({std::string(Dataset::key(row).view()), dataset().value(row)});
  }
  std::sort(rows.begin(), rows.end(),
            [](const CoreRow& a, const CoreRow& b) { return a.key < b.key; });
  return rows;
}

std::vector<CoreRow> changed_rows(const std::vector<CoreRow>& rows, std::size_t first,
                                  std::size_t step) {
  std::vector<CoreRow> changed;
  for (std::size_t i = first; i < rows.size(); i += step) {
    changed.push_back({rows[i].key, dataset().value(i, 1)});
  }
  return changed;
}

}  // namespace vkv::bench
