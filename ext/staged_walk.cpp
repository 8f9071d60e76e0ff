#include "ext/staged_walk.h"

namespace vkv::ext {

void StagedWalk::start(StagedTable& table, std::optional<std::int64_t> workspace,
                       const KeyRange& range, bool descending) {
  rows_.reset();
  range_ = &range;
  if (!workspace || range.none()) return;
  const auto bound = [](const std::optional<KeyRange::Bound>& b) {
    return b ? std::optional<BytesView>(b->key) : std::nullopt;
  };
  rows_ = table.scan(*workspace, bound(range.lower()), bound(range.upper()), descending);
  next();
}

// Scans include both bounds.
void StagedWalk::next() {
  do {
    if (!rows_->next()) return rows_.reset();
  } while (!range_->reaches_down_to(key()) || !range_->reaches_up_to(key()));
}

}  // namespace vkv::ext
