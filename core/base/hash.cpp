#include "core/base/hash.h"

// The low-level SHA-256 functions need neither the provider machinery nor an allocation. This is
// the API they are not deprecated in.
#define OPENSSL_API_COMPAT 0x10101000L
#include <openssl/sha.h>

namespace vkv {

std::optional<Hash> Hash::from_raw(BytesView raw) {
  if (raw.size() != kSize) return std::nullopt;
  Hash hash;
  std::memcpy(hash.bytes.data(), raw.data(), kSize);
  return hash;
}

std::optional<Hash> Hash::from_hex(std::string_view hex) {
  if (hex.size() != 2 * kSize) return std::nullopt;
  const std::optional<Bytes> raw = vkv::from_hex(hex);
  return raw ? from_raw(*raw) : std::nullopt;
}

Hash sha256(BytesView bytes) noexcept { return sha256(bytes, {}); }

Hash sha256(BytesView head, BytesView tail) noexcept {
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, head.data(), head.size());
  SHA256_Update(&context, tail.data(), tail.size());
  Hash hash;
  SHA256_Final(hash.bytes.data(), &context);
  return hash;
}

}  // namespace vkv
