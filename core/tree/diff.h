// The differences of two trees, in key order.
#pragma once

#include <optional>

#include "core/tree/path.h"

namespace vkv {

enum class DiffKind { added, removed, modified };

struct Difference {
  DiffKind kind = DiffKind::added;
  BytesView key;
  std::optional<StoredValue> before;  // absent when added
  std::optional<StoredValue> after;   // absent when removed
};

// Streams the differences from one tree to another. Subtrees with equal hashes are skipped unread:
// cost follows the changes, memory the depth. Holds its paths of nodes, so the trees cannot change
// under it; the node store must outlive it. Any call may throw Corruption.
class DiffCursor {
 public:
  DiffCursor(NodeStore& nodes, const Hash& before, const Hash& after);

  // Skips every difference whose key is below `key`.
  void seek(BytesView key);
  // Fills `difference` (views live until the next call) and returns true, or returns false at the
  // end.
  bool next(Difference& difference);

 private:
  struct Side {
    Path path;
    Bytes key;           // of the leaf entry at the tip, once aligned
    bool taken = false;  // the tip belongs to the difference returned last

    bool at_end() const { return path.at_end(); }
    unsigned level() const { return at_end() ? 0 : path.level(); }
  };

  bool align();
  void skip_below_floor(Path& path) const;
  int compare_tips();
  bool same_subtree() const;
  bool same_value() const;
  void leave_taken();
  void fill(Difference& difference);

  NodeStore& nodes_;
  Side before_;
  Side after_;
  std::optional<Bytes> floor_;  // until both sides have reached it
};

}  // namespace vkv
