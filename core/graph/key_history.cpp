#include "core/graph/key_history.h"

namespace vkv {

KeyHistory::KeyHistory(Repository& repository, const Hash& start, BytesView key)
    : nodes_(repository.nodes()),
      key_(key),
      walker_(repository, start, LogOrder::first_parents),
      path_(path_in({})),
      earlier_(walker_.next()),
      earlier_path_(path_in(earlier_)) {}

KeyPath KeyHistory::path_in(const std::optional<LogWalker::Item>& commit) {
  return KeyPath(nodes_, commit ? commit->commit.root : empty_root(), key_);
}

bool KeyHistory::next() {
  while (earlier_) {
    commit_ = *std::move(earlier_);
    path_ = std::move(earlier_path_);
    earlier_ = walker_.next();
    earlier_path_ = path_in(earlier_);
    if (path_.leads_to_same(earlier_path_)) continue;

    value_ = path_.value();
    const bool existed = earlier_path_.value().has_value();
    kind_ = !value_ ? DiffKind::removed : existed ? DiffKind::modified : DiffKind::added;
    return true;
  }
  return false;
}

}  // namespace vkv
