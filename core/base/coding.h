// Fixed and variable-length integers, as the persisted formats use them.
//
// Fixed integers are little-endian. A varint is LEB128: seven bits a byte, low bits first, the top
// bit set on all but the last; at most ten bytes, and always the shortest form.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"

namespace vkv {

void put_u8(Bytes& out, std::uint8_t value);
void put_u16(Bytes& out, std::uint16_t value);
void put_u64(Bytes& out, std::uint64_t value);
void put_varint(Bytes& out, std::uint64_t value);
// varint length, then the bytes.
void put_length_prefixed(Bytes& out, BytesView bytes);

// Bytes put_varint would append.
std::size_t varint_size(std::uint64_t value);

// Reads a byte string front to back. Every read checks what is left and throws Corruption, naming
// `what`, when it does not suffice; nothing is ever read beyond `input`.
class Decoder {
 public:
  // `input` and `what` (a string literal: "commit", "node", …) must outlive the decoder.
  Decoder(BytesView input, const char* what) : rest_(input), what_(what) {}

  std::uint8_t u8();
  std::uint16_t u16();
  std::uint64_t u64();
  // Refuses a varint that is too long or not in its shortest form.
  std::uint64_t varint();
  // The next `size` bytes; the view lives as long as the input.
  BytesView bytes(std::uint64_t size);
  BytesView length_prefixed();

  BytesView rest() const { return rest_; }
  // Throws Corruption unless everything was read.
  void expect_end() const;
  [[noreturn]] void fail(const char* why) const;

 private:
  BytesView rest_;
  const char* what_;
};

}  // namespace vkv
