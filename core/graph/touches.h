// Touches: which keys of a store were used lately.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/kv/kvstore.h"

namespace vkv {

// Kept in the KVStore under keys of their own (core/FORMAT.md), whatever the branch; never part of
// a hash. The order is that of a clock in the store, which ticks when touches are recorded.
class Touches {
 public:
  static constexpr std::size_t kMostReads = 65'536;

  explicit Touches(KVStore& kv) : kv_(kv) {}

  // A key was read: remembered here until record(), with up to kMostReads of the latest others.
  // Writes nothing.
  void on_read(std::string_view key);
  // Persists the reads, in the order of each key's latest, then `written`, which all share one
  // touch. The newest touch of a key replaces its older one.
  void record(std::span<const std::string_view> written);
  // The keys read and not recorded, in the order of each key's latest read.
  std::vector<std::string> reads() const;
  // Forgets what is persisted about keys that are gone.
  void remove(std::span<const std::string_view> keys);

  // When each key was touched, in key order. A key that is not there never was.
  std::vector<std::pair<std::string, std::uint64_t>> all();

 private:
  void forget_older_half();
  void persist(std::span<const std::string_view> written);

  KVStore& kv_;
  std::map<std::string, std::uint64_t, std::less<>> reads_;  // by key: the order of the latest
  std::uint64_t reads_so_far_ = 0;
};

}  // namespace vkv
