// SHA-256 content hashes.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.h"

namespace vkv {

struct Hash {
  static constexpr std::size_t kSize = 32;

  std::array<std::uint8_t, kSize> bytes{};

  // The 32 raw bytes; valid as long as this object.
  BytesView view() const { return {reinterpret_cast<const char*>(bytes.data()), kSize}; }
  // 64 lower-case hex digits.
  std::string hex() const { return to_hex(view()); }

  // Absent unless `raw` is exactly 32 bytes.
  static std::optional<Hash> from_raw(BytesView raw);
  // Absent unless `hex` is exactly 64 hex digits.
  static std::optional<Hash> from_hex(std::string_view hex);

  friend bool operator==(const Hash&, const Hash&) = default;
  friend auto operator<=>(const Hash&, const Hash&) = default;
};

// SHA-256 of `bytes`. Allocates nothing and keeps no state.
Hash sha256(BytesView bytes) noexcept;
// SHA-256 of `head` followed by `tail`.
Hash sha256(BytesView head, BytesView tail) noexcept;

}  // namespace vkv

// A content hash is already uniform: its first word serves hash tables.
template <>
struct std::hash<vkv::Hash> {
  std::size_t operator()(const vkv::Hash& hash) const noexcept {
    std::size_t word;
    std::memcpy(&word, hash.bytes.data(), sizeof word);
    return word;
  }
};
