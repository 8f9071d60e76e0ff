#include "tests/tree/trees.h"

#include "core/tree/cursor.h"

namespace vkv {

Hash Trees::build(const Rows& rows, const Hash& root) {
  MapEdits edits(rows);
  return apply_edits(nodes, root, edits);
}

Hash Trees::apply(const Hash& root, const Changes& changes) {
  MapEdits edits(changes);
  return apply_edits(nodes, root, edits);
}

Rows Trees::rows(const Hash& root) {
  Rows rows;
  Cursor cursor(nodes, root);
  for (cursor.seek_first(); cursor.valid(); cursor.next()) {
    rows.emplace_hint(rows.end(), cursor.key(), cursor.value().payload);
  }
  return rows;
}

void update(Rows& rows, const Changes& changes) {
  for (const auto& [key, value] : changes) {
    if (value) {
      rows.insert_or_assign(key, *value);
    } else {
      rows.erase(key);
    }
  }
}

}  // namespace vkv
