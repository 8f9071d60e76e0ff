// StagedRows: rows in key order that are taken in fast and let go all at once.
#pragma once

#include <cstddef>
#include <map>
#include <memory_resource>
#include <optional>

#include "core/base/arena.h"
#include "core/tree/value.h"

namespace vkv::ext {

// What is staged under a key, absent for a removal: borrowed, and copied.
inline std::optional<ValueView> view_of(const std::optional<Value>& staged) {
  return staged ? std::optional<ValueView>(*staged) : std::nullopt;
}
inline std::optional<Value> copy_of(const std::optional<ValueView>& staged) {
  return staged ? std::optional<Value>(*staged) : std::nullopt;
}

class StagedRows {
 public:
  // An absent value is a removal.
  using Map = std::pmr::map<BytesView, std::optional<ValueView>>;

  StagedRows() = default;
  StagedRows(const StagedRows&) = delete;
  StagedRows& operator=(const StagedRows&) = delete;

  // What it refers to lives as long as this, until clear().
  const Map& map() const { return map_; }
  // Memory taken, until clear() by what was erased or replaced too.
  std::size_t bytes() const { return arena_.used(); }

  void put(BytesView key, const std::optional<ValueView>& value);
  // Returns false, having done nothing, when there is a row of this key.
  bool insert(BytesView key, ValueView value);
  // Returns whether there was such a row.
  bool erase(BytesView key) { return map_.erase(key) > 0; }
  // Keeps at most `kept` bytes of memory for what comes next.
  void clear(std::size_t kept) noexcept;

 private:
  void add(Map::const_iterator before, BytesView key, const std::optional<ValueView>& kept);
  std::optional<ValueView> keep(const std::optional<ValueView>& value);

  Arena arena_;
  Map map_{&arena_};
};

}  // namespace vkv::ext
