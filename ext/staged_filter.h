// StagedFilter: most keys are not staged, and this knows it without asking the staged table.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/base/bytes.h"

namespace vkv::ext {

// A Bloom filter of all the keys staged in one workspace, and perhaps more; or unknown, and then of
// no use. Whoever stages a key adds it. Two probes into 64 KiB of bits; after 65 536 keys there are
// 2 MiB more for those that follow (as in scalable Bloom filters), which serve some millions.
class StagedFilter {
 public:
  bool known() const { return known_; }
  void forget() { known_ = false; }
  // Known from now on, to hold nothing.
  void reset() {
    if (used_.size() < kFew) {
      for (const std::size_t word : used_) first_[word] = 0;
    } else {
      first_.assign(kFirstWords, 0);
    }
    used_.clear();
    rest_ = {};
    added_ = 0;
    known_ = true;
  }

  void add(BytesView key) {
    const std::uint64_t hash = std::hash<BytesView>()(key);
    if (added_++ < kFirstKeys) {
      if (first_.empty()) first_.assign(kFirstWords, 0);
      set(first_, hash);
      if (used_.size() < kFew) {
        used_.insert(used_.end(), {word(first_, hash), word(first_, hash >> 32)});
      }
    } else {
      if (rest_.empty()) rest_.assign(kRestWords, 0);
      set(rest_, hash);
    }
  }

  // Whether `key` is known not to be there.
  bool excludes(BytesView key) const {
    if (!known_) return false;
    if (used_.empty()) return true;
    const std::uint64_t hash = std::hash<BytesView>()(key);
    return !has(first_, hash) && (rest_.empty() || !has(rest_, hash));
  }

 private:
  // Each a power of two words of bits.
  using Bits = std::vector<std::uint64_t>;

  static constexpr std::size_t kFirstWords = std::size_t{1} << 13;
  static constexpr std::size_t kFirstKeys = std::size_t{1} << 16;
  static constexpr std::size_t kRestWords = std::size_t{1} << 18;
  static constexpr std::size_t kFew = 64;

  static std::uint64_t bit(std::uint64_t hash) { return std::uint64_t{1} << (hash % 64); }
  static std::size_t word(const Bits& bits, std::uint64_t hash) {
    return hash / 64 & (bits.size() - 1);
  }
  static void set(Bits& bits, std::uint64_t hash) {
    for (const std::uint64_t probe : {hash, hash >> 32}) bits[word(bits, probe)] |= bit(probe);
  }
  static bool has(const Bits& bits, std::uint64_t hash) {
    const std::uint64_t other = hash >> 32;
    return (bits[word(bits, hash)] & bit(hash)) != 0 && (bits[word(bits, other)] & bit(other)) != 0;
  }

  bool known_ = false;
  std::size_t added_ = 0;
  // Both empty until they are needed.
  Bits first_;
  Bits rest_;
  // Words of first_ with bits set, so that few are soon cleared; kFew of them: and perhaps others.
  std::vector<std::size_t> used_;
};

}  // namespace vkv::ext
