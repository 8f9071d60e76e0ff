// TreeWalk: the rows of one tree whose keys are in a range, in either direction.
#pragma once

#include <optional>

#include "core/tree/cursor.h"
#include "ext/key_range.h"

namespace vkv::ext {

// Costs a seek, then one step a row. Meant to be kept: walking the same tree again reuses its
// path. The node store must outlive it.
class TreeWalk {
 public:
  // Takes the tree that is walked from now on; not valid until a start.
  void set_tree(NodeStore& nodes, const Hash& root);

  // To the first row of the range; `range` must outlive the walk.
  void start(const KeyRange& range, bool descending);
  // To the row of one key alone; returns whether there is one.
  bool find(BytesView key);
  // Only while valid().
  void next();
  bool valid() const { return valid_; }

  // Only while valid(); the views live until the walk moves.
  BytesView key() { return cursor_->key(); }
  StoredValue value() const { return cursor_->value(); }
  Cursor::Position position() const { return cursor_->position(); }

 private:
  void settle();

  std::optional<Cursor> cursor_;
  Hash root_;
  const KeyRange* range_ = nullptr;
  bool bounded_ = false;  // on the side the walk goes to
  bool descending_ = false;
  bool valid_ = false;
};

}  // namespace vkv::ext
