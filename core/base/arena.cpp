#include "core/base/arena.h"

#include <algorithm>
#include <bit>

namespace vkv {

BytesView Arena::keep(std::initializer_list<BytesView> parts) {
  std::size_t size = 0;
  for (const BytesView part : parts) size += part.size();
  if (size == 0) return {};
  char* const begin = static_cast<char*>(allocate(size, 1));
  char* end = begin;
  for (const BytesView part : parts) end = std::copy(part.begin(), part.end(), end);
  return {begin, size};
}

// Smaller chunks, and those made for one large piece, may not fit what comes next.
void Arena::reset(std::size_t kept) noexcept {
  std::erase_if(chunks_, [this](const Chunk& chunk) { return chunk.size != last_size_; });
  const std::size_t chunks = std::min(chunks_.size(), kept / last_size_);
  chunks_.erase(chunks_.begin() + static_cast<std::ptrdiff_t>(chunks), chunks_.end());
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
        std::min(std::max(2 * last_size_, std::bit_ceil(least)), kLargestChunk);
    const std::size_t size = std::max(least, usual);
    if (size == usual) last_size_ = usual;
    chunks_.insert(chunks_.begin() + static_cast<std::ptrdiff_t>(taken_),
                   Chunk{size, std::unique_ptr<std::byte[]>(new std::byte[size])});
  }
  next_ = chunks_[taken_].memory.get();
  room_ = chunks_[taken_].size;
  ++taken_;
}

}  // namespace vkv
