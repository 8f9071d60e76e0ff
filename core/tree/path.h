// Path: the nodes from a tree's root down to one position; what walks a tree walks with it.
#pragma once

#include <vector>

#include "core/tree/node_store.h"

namespace vkv {

// Its tip is an entry of a node of any level. Holds the nodes on it, so the tree it walks cannot
// change under it. Moves cost one node a level at most and allocate nothing. Any move may throw
// Corruption; the path is then to be set anew, by to_root() or a seek.
class Path {
 public:
  // At the root's first entry.
  Path(NodeStore& nodes, NodePtr root);

  const Node& node() const { return *steps_.back().node; }
  unsigned level() const { return node().level(); }
  // Where the cache has the tip's node, which must not be the root.
  CacheRef node_ref() const;
  std::size_t index() const { return steps_.back().index; }
  // At most node().size(): the tip may stand behind the last entry.
  void set_index(std::size_t index) { steps_.back().index = index; }
  const Node& root() const { return *steps_.front().node; }
  // Whether nothing of the tree comes before the tip's node, or after it.
  bool in_first_node() const;
  bool in_last_node() const;

  void to_root();
  // To the first entry of `level` whose key is not below `key`, or behind the level's last entry.
  // `level` is at most the root's.
  void seek(BytesView key, unsigned level);
  void seek_first(unsigned level);
  void seek_last(unsigned level);

  // From an entry of an internal node to its child's first entry.
  void descend();
  // Past the tip and all below it: to the next entry of the tip's node or, that being its last, of
  // the nearest node above that has one; else behind the root's last entry, which is at_end().
  void skip();
  bool at_end() const { return steps_.size() == 1 && index() == node().size(); }
  // How many rows of the tree come before the tip; costs no node.
  std::uint64_t rows_before() const;

  // To the first entry of the next node of the tip's level, or the last of the previous one. False,
  // and nothing moved, when there is none.
  bool next_node();
  bool previous_node();

 private:
  struct Step {
    NodePtr node;
    std::size_t index = 0;
  };

  void descend_to_last();

  NodeStore* nodes_;
  std::vector<Step> steps_;  // root first
};

}  // namespace vkv
