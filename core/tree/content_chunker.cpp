#include "core/tree/content_chunker.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace vkv {
namespace {

constexpr std::size_t kExpected = 32 * 1024;
// How many of the hash's top bits must be zero at a boundary, below the expected length and beyond.
constexpr unsigned kHardBits = 17;
constexpr unsigned kEasyBits = 13;

using GearTable = std::array<std::uint64_t, 256>;

GearTable make_gear_table() {
  GearTable table;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto byte = static_cast<unsigned char>(i);
    table[i] = XXH3_64bits(&byte, 1);
  }
  return table;
}

// Extends `hash`, of the bytes of a chunk up to `begin`, to the first boundary at most at `end`.
std::size_t find_boundary(BytesView bytes, std::size_t begin, std::size_t end, unsigned bits,
                          std::uint64_t& hash) {
  static const GearTable gear = make_gear_table();
  for (std::size_t i = begin; i < end; ++i) {
    hash = (hash << 1) + gear[static_cast<unsigned char>(bytes[i])];
    if (hash >> (64 - bits) == 0) return i + 1;
  }
  return end;
}

}  // namespace

std::size_t first_content_chunk(BytesView bytes) {
  const std::size_t end = std::min(bytes.size(), kMaxContentChunk);
  if (end <= kMinContentChunk) return end;
  const std::size_t expected = std::min(end, kExpected);
  std::uint64_t hash = 0;
  const std::size_t cut = find_boundary(bytes, kMinContentChunk, expected, kHardBits, hash);
  if (cut < expected) return cut;
  return find_boundary(bytes, expected, end, kEasyBits, hash);
}

}  // namespace vkv
