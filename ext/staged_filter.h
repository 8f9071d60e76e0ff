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
    if (used_.size() < kFew) {
      for (const std::size_t word : used_) bits_[word] = 0;
    } else {
      bits_.assign(kBits / kWord, 0);
    }
    used_.clear();
    known_ = true;
  }

  void add(BytesView key) {
    if (bits_.empty()) bits_.assign(kBits / kWord, 0);
    const std::uint64_t hash = std::hash<BytesView>()(key);
    set(hash);
    set(hash >> 32);
  }

  // Whether `key` is known not to be there.
  bool excludes(BytesView key) {
    if (!known_) return false;
    if (used_.empty()) return true;
    const std::uint64_t hash = std::hash<BytesView>()(key);
    return (bits_[word(hash)] & bit(hash)) == 0 || (bits_[word(hash >> 32)] & bit(hash >> 32)) == 0;
  }

 private:
  static constexpr std::size_t kBits = std::size_t{1} << 19;
  static constexpr std::size_t kWord = 64;

  static constexpr std::size_t kFew = 64;

  static std::uint64_t bit(std::uint64_t hash) { return std::uint64_t{1} << (hash % kWord); }
  static std::size_t word(std::uint64_t hash) { return hash % kBits / kWord; }
  void set(std::uint64_t hash) {
    bits_[word(hash)] |= bit(hash);
    if (used_.size() < kFew) used_.push_back(word(hash));
  }

  bool known_ = false;
  // Words with bits set, so that few are soon cleared; kFew of them: and perhaps others.
  std::vector<std::size_t> used_;
  std::vector<std::uint64_t> bits_;  // empty until the first key
};

}  // namespace vkv::ext
