// The benchmarks' rows as the C++ core takes them.
#pragma once

#include <string>
#include <vector>

#include "core/kv/memory.h"
#include "core/tree/mutate.h"
#include "tests/bench/dataset.h"

namespace vkv::bench {

struct CoreRow {
  std::string key;
  std::string_view value;  // the data set's
};

// Values as text kept in the leaves; the rows must outlive this.
class RowEdits final : public EditSource {
 public:
  explicit RowEdits(const std::vector<CoreRow>& rows) : rows_(rows) {}

  bool next(Edit& edit) override {
    if (next_ == rows_.size()) return false;
    const CoreRow& row = rows_[next_++];
    edit = {.key = row.key,
            .value = StoredValue{ValueType::text, StoredValue::Placement::in_node, row.value}};
    return true;
  }

 private:
  const std::vector<CoreRow>& rows_;
  std::size_t next_ = 0;
};

// The loaded rows, in key order.
std::vector<CoreRow> loaded_rows(std::uint64_t count);
// Every `step`-th of `rows` from `first` on, with another value.
std::vector<CoreRow> changed_rows(const std::vector<CoreRow>& rows, std::size_t first,
                                  std::size_t step);

// A tree in memory. The cache holds all of it.
struct CoreTree {
  explicit CoreTree(const std::vector<CoreRow>& rows) {
    RowEdits edits(rows);
    root = apply_edits(nodes, empty_root(), edits);
    chunks.flush();
  }

  Memory memory;
  ChunkStore chunks{memory};
  NodeCache cache{std::size_t{1} << 30};
  NodeStore nodes{chunks, cache};
  Hash root;
};

}  // namespace vkv::bench
