// Batch mutation: sorted edits in, a new root out.
#pragma once

#include <optional>
#include <vector>

#include "core/tree/node_store.h"

namespace vkv {

// One change: a value to store under the key, or (absent) the key's removal.
struct Edit {
  BytesView key;
  std::optional<StoredValue> value;
};

// Edits in strictly ascending key order. What an edit views lives until the next call.
class EditSource {
 public:
  virtual ~EditSource() = default;
  // Fills `edit` and returns true, or returns false at the end.
  virtual bool next(Edit& edit) = 0;
};

// The root of `root` with `edits` applied; new nodes are queued in the node store's chunk store.
// The result depends on the resulting entries alone (history independence): applying edits that
// change nothing returns `root`. Removals of missing keys are ignored.
//
// Cost: the nodes on the paths to the edits, and the few after each up to the next shared boundary.
// A bulk build is the same over empty_root(). Throws TooLarge for a key over kMaxKeySize.
Hash apply_edits(NodeStore& nodes, const Hash& root, EditSource& edits);

}  // namespace vkv
