#include "ext/staged_edits.h"

namespace vkv::ext {

bool equal_values(ChunkStore& chunks, const std::optional<StoredValue>& stored,
                  const std::optional<ValueView>& staged) {
  if (!stored || !staged) return stored.has_value() == staged.has_value();
  if (stored->type != staged->type || stored->size() != staged->bytes.size()) return false;
  if (stored->placement == StoredValue::Placement::in_node) return stored->payload == staged->bytes;
  return load_value(chunks, *stored).bytes == staged->bytes;
}

bool StagedEdits::next(Edit& edit) {
  if (rows_ == nullptr) return false;
  std::optional<ValueView> value;
  do {
    if (!rows_->next(edit.key, value)) return false;
  } while (only_ && !only_(edit.key));
  edit.value.reset();
  if (value) edit.value = store_value(chunks_, *value, scratch_);
  return true;
}

}  // namespace vkv::ext
