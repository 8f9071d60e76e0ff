// StagedWalk: the staged rows whose keys are in a range, in either direction, as TreeWalk walks a
// tree.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "ext/key_range.h"
#include "ext/staged_table.h"

namespace vkv::ext {

class StagedWalk {
 public:
  // To the first row that `workspace` (absent: none) has staged in the range, which must outlive
  // the walk, as `table` must.
  void start(StagedTable& table, std::optional<std::int64_t> workspace, const KeyRange& range,
             bool descending);
  void stop() { rows_.reset(); }
  // Only while valid().
  void next();
  bool valid() const { return rows_ != nullptr; }

  // Only while valid(); as StagedTable::Scan. An absent value is a removal.
  BytesView key() const { return rows_->key(); }
  std::optional<ValueView> value() const { return rows_->value(); }

 private:
  std::unique_ptr<StagedTable::Scan> rows_;  // null when there are no more
  const KeyRange* range_ = nullptr;
};

}  // namespace vkv::ext
