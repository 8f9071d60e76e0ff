#include "ext/staged_rows.h"

namespace vkv::ext {

void StagedRows::put(BytesView key, const std::optional<ValueView>& value) {
  const auto row = map_.lower_bound(key);
  const std::optional<ValueView> kept = keep(value);
  if (row != map_.end() && row->first == key) {
    row->second = kept;
  } else {
    add(row, key, kept);
  }
}

bool StagedRows::insert(BytesView key, ValueView value) {
  const auto row = map_.lower_bound(key);
  if (row != map_.end() && row->first == key) return false;
  add(row, key, keep(std::optional(value)));
  return true;
}

// The map's node comes to lie behind its key: searching reads the two together.
void StagedRows::add(Map::const_iterator before, BytesView key,
                     const std::optional<ValueView>& kept) {
  const BytesView kept_key = arena_.keep({key});
  map_.emplace_hint(before, kept_key, kept);
}

void StagedRows::clear(std::size_t kept) noexcept {
  map_.clear();
  arena_.reset(kept);
}

std::optional<ValueView> StagedRows::keep(const std::optional<ValueView>& value) {
  if (!value) return {};
  return ValueView{value->type, arena_.keep({value->bytes})};
}

}  // namespace vkv::ext
