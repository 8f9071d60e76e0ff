// Trees to test with: a store in memory, and edits from a map.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "core/kv/memory.h"
#include "core/tree/mutate.h"
#include "core/tree/node_store.h"

namespace vkv {

// Values are blobs kept in the leaves.
using Rows = std::map<std::string, std::string>;
using Changes = std::map<std::string, std::optional<std::string>>;  // absent: removed

// Edits from a Changes or a Rows.
template <typename Map>
class MapEdits final : public EditSource {
 public:
  explicit MapEdits(const Map& map) : next_(map.begin()), end_(map.end()) {}

  bool next(Edit& edit) override {
    if (next_ == end_) return false;
    edit.key = next_->first;
    edit.value.reset();
    if (const std::optional<BytesView> bytes = next_->second) {
      edit.value = StoredValue{ValueType::blob, StoredValue::Placement::in_node, *bytes};
    }
    ++next_;
    return true;
  }

 private:
  typename Map::const_iterator next_, end_;
};

// Everything a tree needs, in memory.
struct Trees {
  explicit Trees(std::size_t cache_bytes = 64 << 20) : cache(cache_bytes) {}

  Hash build(const Rows& rows, const Hash& root = empty_root());
  Hash apply(const Hash& root, const Changes& changes);
  // All rows, by cursor.
  Rows rows(const Hash& root);

  Memory memory;
  ChunkStore chunks{memory};
  NodeCache cache;
  NodeStore nodes{chunks, cache};
};

void update(Rows& rows, const Changes& changes);

}  // namespace vkv
