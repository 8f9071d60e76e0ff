// Arena: memory that is given out piece by piece and taken back all at once.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <memory_resource>
#include <vector>

#include "core/base/bytes.h"

namespace vkv {

// Unlike the standard library's monotonic_buffer_resource it then keeps it for what comes next:
// taking memory from the system anew may cost more than all that is done with it. Allocating is
// O(1), but for a few chunks of at most 256 KiB, or of what is asked for if that is more.
class Arena final : public std::pmr::memory_resource {
 public:
  // `parts` one after another, until reset().
  BytesView keep(std::initializer_list<BytesView> parts);
  // Takes everything back, and keeps at most `kept` bytes of memory for what comes next.
  void reset(std::size_t kept) noexcept;
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
  std::size_t last_size_ = kSmallestChunk / 2;  // of a chunk not made for one large piece
  std::size_t taken_ = 0;                       // of chunks_
  void* next_ = nullptr;                        // in the last one taken
  std::size_t room_ = 0;
  std::size_t used_ = 0;
};

}  // namespace vkv
