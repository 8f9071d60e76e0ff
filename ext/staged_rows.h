// StagedRows: rows in key order that are taken in fast and let go all at once.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <memory_resource>
#include <optional>
#include <vector>

#include "core/tree/value.h"

namespace vkv::ext {

// What is staged under a key, absent for a removal: borrowed, and copied.
inline std::optional<ValueView> view_of(const std::optional<Value>& staged) {
  return staged ? std::optional<ValueView>(*staged) : std::nullopt;
}
inline std::optional<Value> copy_of(const std::optional<ValueView>& staged) {
  return staged ? std::optional<Value>(*staged) : std::nullopt;
}

// Memory that is given out and never taken back, until all of it is at once. Unlike the standard
// library's monotonic_buffer_resource it then keeps it for what comes next: taking memory from the
// system anew may cost more than all that is done with it.
class Arena final : public std::pmr::memory_resource {
 public:
  void reset() noexcept;
  // Bytes given out.
  std::size_t used() const { return used_; }

 private:
  struct Chunk {
    std::size_t size;
    std::unique_ptr<std::byte[]> memory;
  };

  static constexpr std::size_t kSmallestChunk = std::size_t{1} << 10;
  static constexpr std::size_t kLargestChunk = std::size_t{1} << 18;

  void* do_allocate(std::size_t size, std::size_t alignment) override;
  void do_deallocate(void*, std::size_t, std::size_t) override {}
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
  void take_chunk(std::size_t least);

  std::vector<Chunk> chunks_;
  std::size_t taken_ = 0;  // of chunks_
  void* next_ = nullptr;   // in the last one taken
  std::size_t room_ = 0;
  std::size_t used_ = 0;
};

class StagedRows {
 public:
  // An absent value is a removal.
  using Map = std::pmr::map<BytesView, std::optional<ValueView>>;

  StagedRows() = default;
  StagedRows(const StagedRows&) = delete;
  StagedRows& operator=(const StagedRows&) = delete;

  // What it refers to lives as long as this, until clear().
  const Map& map() const { return map_; }
  // Memory taken, by what was erased or replaced too.
  std::size_t bytes() const { return arena_.used(); }

  void put(BytesView key, const std::optional<ValueView>& value);
  // Returns false, having done nothing, when there is a row of this key.
  bool insert(BytesView key, ValueView value);
  // Returns whether there was such a row.
  bool erase(BytesView key) { return map_.erase(key) > 0; }
  void clear() noexcept;

 private:
  void add(Map::const_iterator before, BytesView key, const std::optional<ValueView>& kept);
  BytesView keep(BytesView bytes);
  std::optional<ValueView> keep(const std::optional<ValueView>& value);

  Arena arena_;
  Map map_{&arena_};
};

}  // namespace vkv::ext
