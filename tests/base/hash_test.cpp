#include "core/base/hash.h"

#include <gtest/gtest.h>

#include <string>

namespace vkv {
namespace {

// FIPS 180-4 examples and the NIST byte-oriented short and long messages' corner lengths.
TEST(Sha256, PublishedVectors) {
  const struct {
    Bytes message;
    const char* digest;
  } cases[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmn"
       "opqrs"
       "mnopqrstnopqrstu",
       "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
      {Bytes(1, '\xbd'), "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b"},
      {"\xc9\x8c\x8e\x55", "7abc22c0ae5af26ce93dbb94433a0e0b2e119d014f8e7f65bd56c61ccccd9504"},
      {Bytes(55, '\0'), "02779466cdec163811d078815c633f21901413081449002f24aa3e80f0b88ef7"},
      {Bytes(56, '\0'), "d4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb"},
      {Bytes(57, '\0'), "65a16cb7861335d5ace3c60718b5052e44660726da4cd13bb745381b235a1785"},
      {Bytes(64, '\0'), "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b"},
      {Bytes(1000, '\0'), "541b3e9daa09b20bf85fa273e5cbd3e80185aa4ec298e765db87742b70138a53"},
      {Bytes(1000, 'A'), "c2e686823489ced2017f6059b8b239318b6364f6dcd835d0a519105a1eadd6e4"},
      {Bytes(1005, 'U'), "f4d62ddec0f3dd90ea1380fa16a5ff8dc4c54b21740650f24afc4120903552b0"},
      {Bytes(1000000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
  };
  for (const auto& [message, digest] : cases) {
    EXPECT_EQ(sha256(message).hex(), digest) << message.size() << " bytes";
  }
}

TEST(Sha256, OfTwoPartsIsOfTheirConcatenation) {
  EXPECT_EQ(sha256("ab", "c"), sha256("abc"));
  EXPECT_EQ(sha256("", "abc"), sha256("abc"));
  EXPECT_EQ(sha256("abc", ""), sha256("abc"));
}

TEST(Hash, RawAndHexRoundTrip) {
  const Hash hash = sha256("abc");
  EXPECT_EQ(hash.view().size(), 32u);
  EXPECT_EQ(Hash::from_raw(hash.view()), hash);
  EXPECT_EQ(Hash::from_hex(hash.hex()), hash);
  EXPECT_EQ(Hash::from_hex("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"),
            hash);
}

TEST(Hash, RefusesOtherLengthsAndDigits) {
  EXPECT_EQ(Hash::from_raw(""), std::nullopt);
  EXPECT_EQ(Hash::from_raw(Bytes(31, 'x')), std::nullopt);
  EXPECT_EQ(Hash::from_raw(Bytes(33, 'x')), std::nullopt);
  EXPECT_EQ(Hash::from_hex(std::string(63, '0')), std::nullopt);
  EXPECT_EQ(Hash::from_hex(std::string(65, '0')), std::nullopt);
  EXPECT_EQ(Hash::from_hex(std::string(64, 'g')), std::nullopt);
}

TEST(Hash, OrderedAsItsBytes) {
  Hash low, high;
  low.bytes[0] = 0x7f;
  high.bytes[0] = 0x80;
  EXPECT_LT(low, high);
  EXPECT_LT(low.view(), high.view());
}

}  // namespace
}  // namespace vkv
