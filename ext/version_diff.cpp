#include "ext/version_diff.h"

#include "ext/sql_value.h"
#include "ext/staged_edits.h"

namespace vkv::ext {

VersionDiff::VersionDiff(VersionedTable& table, const Version& before, const Version& after)
    : table_(table),
      reversed_(before.staged.has_value()),
      workspace_(before == after ? std::nullopt
                 : reversed_     ? before.staged
                                 : after.staged),
      tree_(table.repository().nodes(), reversed_ ? after.root : before.root,
            reversed_ ? before.root : after.root),
      base_(table.repository().nodes(), reversed_ ? before.root : after.root) {
  next_in_tree();
}

void VersionDiff::start(const KeyRange& range) {
  range_ = &range;
  const auto& lower = range.lower();
  if (in_tree_ && lower && difference_.key < lower->key) {
    tree_.seek(lower->key);
    next_in_tree();
  }
  from_tree_ = false;
  from_staged_ = false;
  staged_.start(table_.staged(), workspace_, range, false);
}

bool VersionDiff::next() {
  do {
    if (from_tree_) next_in_tree();
    if (from_staged_) staged_.next();
    if (!merge()) return false;
  } while (from_staged_ && equal_values(table_.repository().chunks(), before_, staged_.value()));
  return true;
}

bool VersionDiff::merge() {
  while (in_tree_ && !range_->reaches_down_to(difference_.key)) next_in_tree();
  const bool in_tree = in_tree_ && range_->reaches_up_to(difference_.key);
  const int order = !in_tree ? 1 : !staged_.valid() ? -1 : difference_.key.compare(staged_.key());
  from_tree_ = in_tree && order <= 0;
  from_staged_ = staged_.valid() && order >= 0;
  if (from_staged_) before_ = from_tree_ ? difference_.before : base_value(staged_.key());
  return from_tree_ || from_staged_;
}

std::optional<StoredValue> VersionDiff::base_value(BytesView key) {
  if (!base_.find(key)) return {};
  return base_.value();
}

BytesView VersionDiff::key() const { return from_staged_ ? staged_.key() : difference_.key; }

bool VersionDiff::exists_before() const {
  return (from_staged_ ? before_ : difference_.before).has_value();
}

bool VersionDiff::exists_after() const {
  return from_staged_ ? staged_.value().has_value() : difference_.after.has_value();
}

DiffKind VersionDiff::kind() const {
  const bool before = reversed_ ? exists_after() : exists_before();
  const bool after = reversed_ ? exists_before() : exists_after();
  return !before ? DiffKind::added : !after ? DiffKind::removed : DiffKind::modified;
}

void VersionDiff::set_value(sqlite3_context* context, bool after) const {
  if (after && from_staged_) {
    if (const auto value = staged_.value()) set_result(context, *value);
    return;
  }
  const auto& stored = after ? difference_.after : from_staged_ ? before_ : difference_.before;
  if (stored) set_result(context, table_.repository().chunks(), *stored);
}

}  // namespace vkv::ext
