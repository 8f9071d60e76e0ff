// The differences of two trees, in key order.
#pragma once

#include <optional>

#include "core/tree/cursor.h"

namespace vkv {

enum class DiffKind { added, removed, modified };

struct Difference {
  DiffKind kind = DiffKind::added;
  BytesView key;
  std::optional<StoredValue> before;  // absent when added
  std::optional<StoredValue> after;   // absent when removed
};

// Streams the differences from one tree to another. Subtrees with equal hashes are skipped unread:
// cost follows the changes, memory the depth.
class DiffCursor {
 public:
  DiffCursor(NodeStore& nodes, const Hash& before, const Hash& after);

  // Skips every difference whose key is below `key`.
  void seek(BytesView key);
  // Fills `difference` (views live until the next call) and returns true, or returns false at the
  // end.
  bool next(Difference& difference);

  // The implementation chooses its private members.
};

}  // namespace vkv
