// The rows every workload works on.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace vkv::bench {

// Bijective; spreads consecutive numbers over all 64 bits (the finaliser of SplitMix64).
std::uint64_t mix(std::uint64_t n);

// A short sequence of random numbers, the same for the same seed.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(mix(seed)) {}
  std::uint64_t below(std::uint64_t bound) { return mix(++state_) % bound; }

 private:
  std::uint64_t state_;
};

// `user/` and 16 hex digits.
class Key {
 public:
  explicit Key(std::uint64_t number);
  std::string_view view() const { return {text_.data(), text_.size()}; }

 private:
  std::array<char, 21> text_;
};

// Row n has the key Key(mix(n)): no two alike, in random order. Its value is 100 bytes of text that
// depend on n and a version.
class Dataset {
 public:
  static constexpr std::size_t kValueSize = 100;

  Dataset();

  static Key key(std::uint64_t row) { return Key(mix(row)); }
  // A key no row has.
  static Key missing_key(std::uint64_t n) { return key(n + (std::uint64_t{1} << 48)); }
  // Lives as long as this object.
  std::string_view value(std::uint64_t row, std::uint64_t version = 0) const;

 private:
  std::string text_;
};

}  // namespace vkv::bench
