#include "core/tree/splitter.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstdint>
#include <limits>

namespace vkv {
namespace {

// Sizes in bytes; all of it is persisted, in that a change moves the boundaries of every tree.
struct Limits {
  std::uint64_t scale;  // of the Weibull distribution; the mean is 0.9 of it
  std::size_t min;
  std::size_t max;
  std::size_t min_entries;
};

// A leaf should fill a 4 KiB page of SQLite without spilling over. Internal nodes are rewritten
// with every commit: smaller ones cost a level more and half the bytes.
constexpr Limits kLeaf{3400, 1024, 8192, 1};
constexpr Limits kInternal{1100, 256, 4096, 2};
// Whatever prefix the keys share so far, the next one may not: nodes whose keys would not fit
// 16-bit offsets without it must end before.
constexpr std::size_t kMaxExpanded = 32 * 1024;

constexpr std::uint64_t fourth_power(std::uint64_t x) { return x * x * x * x; }

// The chance, in units of 2^-32, that a node that did not end at size `before` ends at `after`. A
// node is below 42 KiB: its fourth power fits.
std::uint64_t chance(std::uint64_t scale, const NodeGrowth& growth) {
  const std::uint64_t unit = fourth_power(scale) >> 32;
  const std::uint64_t hazard = (fourth_power(growth.after) - fourth_power(growth.before)) / unit;
  return std::min<std::uint64_t>(hazard, std::numeric_limits<std::uint32_t>::max());
}

}  // namespace

bool ends_node(unsigned level, BytesView key, const NodeGrowth& growth) {
  const Limits& limits = level == 0 ? kLeaf : kInternal;
  if (growth.expanded >= kMaxExpanded) return true;
  if (growth.after < limits.min || growth.entries < limits.min_entries) return false;
  if (growth.after >= limits.max) return true;
  const std::uint64_t draw = XXH3_64bits_withSeed(key.data(), key.size(), level) >> 32;
  return draw < chance(limits.scale, growth);
}

}  // namespace vkv
