#include "ext/staged_rows.h"

#include <algorithm>
#include <cstring>

namespace vkv::ext {

// Chunks of odd sizes may not fit what comes next.
void Arena::reset() noexcept {
  std::erase_if(chunks_, [](const Chunk& chunk) { return chunk.size != kLargestChunk; });
  taken_ = 0;
  next_ = nullptr;
  room_ = 0;
  used_ = 0;
}

void* Arena::do_allocate(std::size_t size, std::size_t alignment) {
  if (std::align(alignment, size, next_, room_) == nullptr) {
    take_chunk(size + alignment);
    std::align(alignment, size, next_, room_);
  }
  void* const given = next_;
  next_ = static_cast<std::byte*>(next_) + size;
  room_ -= size;
  used_ += size;
  return given;
}

void Arena::take_chunk(std::size_t least) {
  if (taken_ == chunks_.size() || chunks_[taken_].size < least) {
    const std::size_t usual =
        taken_ == 0 ? kSmallestChunk : std::min(2 * chunks_[taken_ - 1].size, kLargestChunk);
    const std::size_t size = std::max(least, usual);
    chunks_.insert(chunks_.begin() + static_cast<std::ptrdiff_t>(taken_),
                   Chunk{size, std::unique_ptr<std::byte[]>(new std::byte[size])});
  }
  next_ = chunks_[taken_].memory.get();
  room_ = chunks_[taken_].size;
  ++taken_;
}

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
  const BytesView kept_key = keep(key);
  map_.emplace_hint(before, kept_key, kept);
}

void StagedRows::clear() noexcept {
  map_.clear();
  arena_.reset();
}

BytesView StagedRows::keep(BytesView bytes) {
  if (bytes.empty()) return {};
  char* const kept = static_cast<char*>(arena_.allocate(bytes.size(), 1));
  std::memcpy(kept, bytes.data(), bytes.size());
  return {kept, bytes.size()};
}

std::optional<ValueView> StagedRows::keep(const std::optional<ValueView>& value) {
  if (!value) return {};
  return ValueView{value->type, keep(value->bytes)};
}

}  // namespace vkv::ext
