#include "core/base/coding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "core/base/error.h"

namespace vkv {
namespace {

using namespace std::string_literals;

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

Bytes varint(std::uint64_t value) {
  Bytes out;
  put_varint(out, value);
  return out;
}

TEST(Fixed, LittleEndian) {
  Bytes out;
  put_u8(out, 0xfe);
  put_u16(out, 0x0102);
  put_u64(out, 0x0102030405060708);
  EXPECT_EQ(out, "\xfe\x02\x01\x08\x07\x06\x05\x04\x03\x02\x01"s);

  Decoder in(out, "test");
  EXPECT_EQ(in.u8(), 0xfe);
  EXPECT_EQ(in.u16(), 0x0102);
  EXPECT_EQ(in.u64(), 0x0102030405060708u);
  in.expect_end();
}

TEST(Fixed, Extremes) {
  Bytes out;
  put_u16(out, 0xffff);
  put_u64(out, kMax);
  Decoder in(out, "test");
  EXPECT_EQ(in.u16(), 0xffff);
  EXPECT_EQ(in.u64(), kMax);
}

struct VarintCase {
  std::uint64_t value;
  Bytes bytes;
};

TEST(Varint, ShortestForm) {
  const VarintCase cases[] = {
      {0, "\x00"s},
      {1, "\x01"},
      {0x7f, "\x7f"},
      {0x80, "\x80\x01"},
      {300, "\xac\x02"},
      {0x3fff, "\xff\x7f"},
      {0x4000, "\x80\x80\x01"},
      {0xffffffff, "\xff\xff\xff\xff\x0f"},
      {kMax >> 1, "\xff\xff\xff\xff\xff\xff\xff\xff\x7f"},
      {(kMax >> 1) + 1, "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"},
      {kMax, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"},
  };
  for (const auto& [value, bytes] : cases) {
    EXPECT_EQ(varint(value), bytes) << value;
    EXPECT_EQ(varint_size(value), bytes.size()) << value;
    Decoder in(bytes, "test");
    EXPECT_EQ(in.varint(), value);
    in.expect_end();
  }
}

TEST(Varint, EveryBoundaryRoundTrips) {
  for (unsigned bit = 0; bit < 64; ++bit) {
    for (const std::uint64_t value : {(std::uint64_t{1} << bit) - 1, std::uint64_t{1} << bit}) {
      const Bytes bytes = varint(value);
      EXPECT_EQ(bytes.size(), varint_size(value));
      EXPECT_EQ(Decoder(bytes, "test").varint(), value);
    }
  }
}

TEST(Varint, RefusesWhatTheEncoderNeverWrites) {
  const Bytes cases[] = {
      "",                                                  // nothing
      "\x80",                                              // ends too early
      "\xff\xff\xff\xff\xff\xff\xff\xff\xff",              // the same, one byte short
      "\x80\x00"s,                                         // zero in two bytes
      "\xff\x80\x00"s,                                     // 127 in three
      "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00"s,         // zero in ten
      "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",          // bit 64
      "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x81\x00"s,     // eleven bytes
      "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01",  // twelve
  };
  for (const Bytes& bytes : cases) {
    EXPECT_THROW(Decoder(bytes, "test").varint(), Corruption) << to_hex(bytes);
  }
}

TEST(LengthPrefixed, RoundTrips) {
  Bytes out;
  put_length_prefixed(out, "");
  put_length_prefixed(out, "a\0b"s);
  put_length_prefixed(out, std::string(200, 'x'));
  Decoder in(out, "test");
  EXPECT_EQ(in.length_prefixed(), "");
  EXPECT_EQ(in.length_prefixed(), "a\0b"s);
  EXPECT_EQ(in.length_prefixed(), std::string(200, 'x'));
  in.expect_end();
}

TEST(LengthPrefixed, TrustsNoLength) {
  for (const std::uint64_t length : {std::uint64_t{4}, std::uint64_t{1} << 32, kMax}) {
    Bytes out = varint(length) + "abc";
    EXPECT_THROW(Decoder(out, "test").length_prefixed(), Corruption) << length;
  }
}

TEST(Decoder, NeverReadsBeyondItsInput) {
  for (std::size_t size = 0; size < 8; ++size) {
    const Bytes input(size, 'x');
    EXPECT_THROW(Decoder(input, "test").u64(), Corruption) << size;
    EXPECT_THROW(Decoder(input, "test").bytes(size + 1), Corruption) << size;
    EXPECT_EQ(Decoder(input, "test").bytes(size), input);
  }
  EXPECT_THROW(Decoder("", "test").u8(), Corruption);
  EXPECT_THROW(Decoder("x", "test").u16(), Corruption);
}

TEST(Decoder, ViewsItsInput) {
  const Bytes input = "abcdef";
  Decoder in(input, "test");
  EXPECT_EQ(in.bytes(2).data(), input.data());
  EXPECT_EQ(in.rest().data(), input.data() + 2);
  EXPECT_THROW(in.expect_end(), Corruption);
}

TEST(Decoder, SaysWhatIsDamaged) {
  try {
    Decoder("", "commit").u8();
    FAIL();
  } catch (const Corruption& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr("commit"));
  }
}

}  // namespace
}  // namespace vkv
