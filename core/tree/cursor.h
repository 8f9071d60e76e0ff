// Cursor: a position in the entries of one tree.
#pragma once

#include "core/tree/path.h"

namespace vkv {

// Holds its path of nodes, so the tree it walks cannot change under it. A new cursor is not valid
// until a seek. Seeks cost one node per level; next() and prev() are O(1) amortised and allocate
// nothing. Any call may throw Corruption.
class Cursor {
 public:
  Cursor(NodeStore& nodes, const Hash& root);

  void seek_first();
  void seek_last();
  // To the first entry with key >= `key`.
  void seek(BytesView key);
  // To the last entry with key <= `key`.
  void seek_at_or_before(BytesView key);
  // To the entry with exactly `key`; returns whether there is one (not valid otherwise).
  bool find(BytesView key);

  // Only while valid().
  void next();
  void prev();
  bool valid() const { return valid_; }
  // How many entries come before the position; all of them when seek() found none. Costs no node.
  std::uint64_t rows_before() const { return path_.rows_before(); }

  // An entry without its cursor; keeps its node. Not for the end of a tree.
  class Position {
   public:
    Position(NodePtr node, std::size_t index) : node_(std::move(node)), index_(index) {}

    bool has_key(BytesView key) const { return node_->compare_key(index_, key) == 0; }
    StoredValue value() const { return node_->value(index_); }

   private:
    NodePtr node_;
    std::size_t index_;
  };
  // Only while valid().
  Position position() const { return {NodePtr(&path_.node()), path_.index()}; }

  // Only while valid(); the views live until the cursor moves.
  BytesView key();
  StoredValue value() const;

 private:
  Path path_;  // tip: in a leaf
  bool valid_ = false;
  bool key_current_ = false;
  Bytes key_;

  // Of a new position.
  void settle(bool valid) {
    valid_ = valid;
    key_current_ = false;
  }
};

}  // namespace vkv
