#include "ext/tree_walk.h"

namespace vkv::ext {

void TreeWalk::set_tree(NodeStore& nodes, const Hash& root) {
  valid_ = false;
  if (cursor_ && root_ == root) return;
  cursor_.reset();
  cursor_.emplace(nodes, root);
  root_ = root;
}

void TreeWalk::start(const KeyRange& range, bool descending) {
  range_ = &range;
  descending_ = descending;
  bounded_ = (descending ? range.lower() : range.upper()).has_value();
  valid_ = false;
  const auto& from = descending ? range.upper() : range.lower();
  if (!from) {
    descending ? cursor_->seek_last() : cursor_->seek_first();
  } else {
    descending ? cursor_->seek_at_or_before(from->key) : cursor_->seek(from->key);
    if (!from->inclusive && cursor_->valid() && cursor_->key() == from->key) {
      descending ? cursor_->prev() : cursor_->next();
    }
  }
  settle();
}

bool TreeWalk::find(BytesView key) {
  valid_ = false;
  valid_ = cursor_->find(key);
  return valid_;
}

void TreeWalk::next() {
  valid_ = false;
  descending_ ? cursor_->prev() : cursor_->next();
  settle();
}

void TreeWalk::settle() {
  valid_ = cursor_->valid();
  if (!valid_ || !bounded_) return;
  valid_ =
      descending_ ? range_->reaches_down_to(cursor_->key()) : range_->reaches_up_to(cursor_->key());
}

}  // namespace vkv::ext
