#include "core/tree/cursor.h"

namespace vkv {

Cursor::Cursor(NodeStore& nodes, const Hash& root) : path_(nodes, nodes.get(root)) {}

void Cursor::seek_first() {
  settle(false);
  path_.seek_first(0);
  settle(path_.node().size() > 0);
}

void Cursor::seek_last() {
  settle(false);
  path_.seek_last(0);
  settle(path_.node().size() > 0);
}

void Cursor::seek(BytesView key) {
  settle(false);
  path_.seek(key, 0);
  settle(path_.index() < path_.node().size());
}

void Cursor::seek_at_or_before(BytesView key) {
  seek(key);
  if (!valid_) {
    seek_last();
  } else if (path_.node().compare_key(path_.index(), key) != 0) {
    prev();
  }
}

bool Cursor::find(BytesView key) {
  seek(key);
  settle(valid_ && path_.node().compare_key(path_.index(), key) == 0);
  return valid_;
}

void Cursor::next() {
  settle(false);
  path_.set_index(path_.index() + 1);
  settle(path_.index() < path_.node().size() || path_.next_node());
}

void Cursor::prev() {
  settle(false);
  if (path_.index() > 0) {
    path_.set_index(path_.index() - 1);
    settle(true);
  } else {
    settle(path_.previous_node());
  }
}

BytesView Cursor::key() {
  if (!key_current_) path_.node().copy_key(path_.index(), key_);
  key_current_ = true;
  return key_;
}

StoredValue Cursor::value() const { return path_.node().value(path_.index()); }

}  // namespace vkv
