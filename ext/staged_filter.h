// StagedFilter: most keys are not staged, and this knows it without asking the staged table.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/base/bytes.h"

namespace vkv::ext {

// A Bloom filter (two probes into half a million bits, so it serves up to some 100 000 keys) of all
// the keys staged in one workspace, and perhaps more; or unknown, and then of no use. Whoever
// stages a key adds it.
class StagedFilter {
 public:
  bool known() const { return known_; }
  void forget() { known_ = false; }
  // Known from now on, to hold nothing.
  void reset() {
    if (used_) bits_.assign(kBits / kWord, 0);
    used_ = false;
    known_ = true;
  }

  void add(BytesView key) {
    if (bits_.empty()) bits_.assign(kBits / kWord, 0);
    used_ = true;
    const std::uint64_t hash = std::hash<BytesView>()(key);
    word(hash) |= bit(hash);
    word(hash >> 32) |= bit(hash >> 32);
  }

  // Whether `key` is known not to be there.
  bool excludes(BytesView key) {
    if (!known_) return false;
    if (!used_) return true;
    const std::uint64_t hash = std::hash<BytesView>()(key);
    return (word(hash) & bit(hash)) == 0 || (word(hash >> 32) & bit(hash >> 32)) == 0;
  }

 private:
  static constexpr std::size_t kBits = std::size_t{1} << 19;
  static constexpr std::size_t kWord = 64;

  static std::uint64_t bit(std::uint64_t hash) { return std::uint64_t{1} << (hash % kWord); }
  std::uint64_t& word(std::uint64_t hash) { return bits_[hash % kBits / kWord]; }

  bool known_ = false;
  bool used_ = false;
  std::vector<std::uint64_t> bits_;  // empty until the first key
};

}  // namespace vkv::ext
