#include "core/base/coding.h"

#include <array>
#include <string>

#include "core/base/error.h"

namespace vkv {
namespace {

template <typename Unsigned>
void put_fixed(Bytes& out, Unsigned value) {
  std::array<char, sizeof value> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(value >> (8 * i) & 0xff);
  }
  out.append(bytes.data(), bytes.size());
}

template <typename Unsigned>
Unsigned fixed(BytesView bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return static_cast<Unsigned>(value);
}

}  // namespace

void put_u8(Bytes& out, std::uint8_t value) { put_fixed(out, value); }
void put_u16(Bytes& out, std::uint16_t value) { put_fixed(out, value); }
void put_u64(Bytes& out, std::uint64_t value) { put_fixed(out, value); }

void put_varint(Bytes& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

void put_length_prefixed(Bytes& out, BytesView bytes) {
  put_varint(out, bytes.size());
  out.append(bytes);
}

std::size_t varint_size(std::uint64_t value) {
  std::size_t size = 1;
  for (; value >= 0x80; value >>= 7) ++size;
  return size;
}

std::uint8_t Decoder::u8() { return fixed<std::uint8_t>(bytes(1)); }
std::uint16_t Decoder::u16() { return fixed<std::uint16_t>(bytes(2)); }
std::uint64_t Decoder::u64() { return fixed<std::uint64_t>(bytes(8)); }

std::uint64_t Decoder::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    const std::uint64_t byte = u8();
    if (shift == 63 && byte > 1) fail("varint beyond 64 bits");
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      if (byte == 0 && shift > 0) fail("varint not in its shortest form");
      return value;
    }
  }
}

BytesView Decoder::bytes(std::uint64_t size) {
  if (size > rest_.size()) fail("ends too early");
  const BytesView read = rest_.substr(0, static_cast<std::size_t>(size));
  rest_.remove_prefix(read.size());
  return read;
}

BytesView Decoder::length_prefixed() { return bytes(varint()); }

void Decoder::expect_end() const {
  if (!rest_.empty()) fail("bytes left over");
}

void Decoder::fail(const char* why) const {
  throw Corruption(std::string("damaged ") + what_ + ": " + why);
}

}  // namespace vkv
