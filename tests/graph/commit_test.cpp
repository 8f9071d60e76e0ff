#include "core/graph/commit.h"

#include <gtest/gtest.h>

#include "core/base/coding.h"
#include "core/base/error.h"
#include "core/tree/node_store.h"

namespace vkv {
namespace {

Hash numbered_hash(std::uint8_t i) {
  Hash hash;
  hash.bytes.fill(i);
  return hash;
}

Commit make_commit(std::size_t parents, std::uint64_t generation, CommitMetadata metadata) {
  Commit commit;
  commit.root = numbered_hash(7);
  for (std::size_t i = 0; i < parents; ++i) {
    commit.parents.push_back(numbered_hash(static_cast<std::uint8_t>(i + 1)));
  }
  commit.generation = generation;
  commit.metadata = std::move(metadata);
  return commit;
}

Commit full_commit() {
  return make_commit(2, 300,
                     {.message = "Grüße",
                      .author = "Ada <ada@example.org>",
                      .time = 1'700'000'000'123,
                      .info = R"({"a":1})"});
}

std::vector<Commit> samples() {
  return {
      make_commit(0, 0, {}),
      make_commit(1, 1, {}),
      make_commit(1, ~std::uint64_t{0}, {}),
      make_commit(1, 1, {.message = "", .author = {}, .time = {}, .info = {}}),
      make_commit(1, 1, {.message = {}, .author = "a", .time = {}, .info = {}}),
      make_commit(1, 1, {.message = {}, .author = {}, .time = -1, .info = {}}),
      make_commit(1, 1, {.message = {}, .author = {}, .time = {}, .info = "{}"}),
      make_commit(2, 128, {.message = Bytes(1000, 'm'), .author = {}, .time = {}, .info = {}}),
      full_commit(),
  };
}

Hash hash_of(const Commit& commit) {
  return hash_object(ObjectType::commit, encode_commit(commit));
}

TEST(Commit, DecodesToWhatWasEncoded) {
  for (const Commit& commit : samples()) {
    EXPECT_EQ(decode_commit(encode_commit(commit)), commit);
  }
}

TEST(Commit, WhatWasNotGivenIsNotTheSameAsEmpty) {
  const Commit without = make_commit(1, 1, {});
  const Commit empty = make_commit(1, 1, {.message = "", .author = {}, .time = {}, .info = {}});
  EXPECT_NE(encode_commit(without), encode_commit(empty));
}

// These hashes are in every store: they never change.
TEST(Commit, GoldenHashes) {
  EXPECT_EQ(root_commit_hash().hex(),
            "8a48b7edabc946c2bc525e53a9ee53ff48765b0673be6490c1d00fa2befd5c99");
  EXPECT_EQ(hash_of(full_commit()).hex(),
            "a8f5a23fb75350d2a980ccff7c3996970b3265a0f5cb2a0b34422d1216fab282");
}

TEST(Commit, TheRootCommitIsEmpty) {
  Commit root;
  root.root = empty_root();
  EXPECT_EQ(hash_of(root), root_commit_hash());
}

TEST(Commit, RefusesToEncodeWhatCannotBeRead) {
  EXPECT_THROW(encode_commit(make_commit(3, 1, {})), InvalidArgument);
  EXPECT_THROW(
      encode_commit(make_commit(1, 1, {.message = "\xff", .author = {}, .time = {}, .info = {}})),
      InvalidArgument);
  EXPECT_THROW(
      encode_commit(make_commit(1, 1, {.message = {}, .author = "\xc3", .time = {}, .info = {}})),
      InvalidArgument);
}

TEST(Commit, RefusesWhatIsNotExactlyOneCommit) {
  struct Case {
    const char* what;
    Bytes body;
  };
  const Bytes root = Bytes(numbered_hash(7).view());
  const Bytes parent = Bytes(numbered_hash(1).view());
  using namespace std::literals;
  const Case cases[] = {
      {"nothing", ""},
      {"a byte too many", encode_commit(full_commit()) + "x"},
      {"generation without parents", "\0"s + root + "\1"s + "\0"s},
      {"parents without generation", "\0"s + root + "\0"s + "\1"s + parent},
      {"three parents", "\0"s + root + "\1"s + "\3"s + parent + parent + parent},
      {"generation in a longer form", "\0"s + root + "\x81\x00"s + "\1"s + parent},
      {"message that is not UTF-8", "\1"s + root + "\0"s + "\0"s + "\1\xff"s},
      {"message beyond the end", "\1"s + root + "\0"s + "\0"s + "\xff\xff\xff\xff\x0f"s},
  };
  for (const auto& [what, body] : cases) {
    EXPECT_THROW(decode_commit(body), Corruption) << what;
  }
}

TEST(Commit, RefusesFieldsOfNewerVersions) {
  for (int bit = 4; bit < 8; ++bit) {
    Bytes body = encode_commit(full_commit());
    body[0] = static_cast<char>(body[0] | 1 << bit);
    EXPECT_THROW(decode_commit(body), Unsupported) << bit;
  }
}

// Refused, or read as what encodes to the very same bytes.
void expect_refused_or_exact(const Bytes& body) {
  try {
    EXPECT_EQ(encode_commit(decode_commit(body)), body);
  } catch (const Corruption&) {
  } catch (const Unsupported&) {
  }
}

TEST(Commit, EveryTruncationIsRefused) {
  for (const Commit& commit : samples()) {
    const Bytes body = encode_commit(commit);
    for (std::size_t size = 0; size < body.size(); ++size) {
      EXPECT_THROW(decode_commit(body.substr(0, size)), Corruption);
    }
  }
}

TEST(Commit, EveryFlippedBitIsRefusedOrRead) {
  for (const Commit& commit : samples()) {
    Bytes body = encode_commit(commit);
    for (std::size_t bit = 0; bit < 8 * body.size(); ++bit) {
      const char original = body[bit / 8];
      body[bit / 8] = static_cast<char>(original ^ 1 << bit % 8);
      expect_refused_or_exact(body);
      body[bit / 8] = original;
    }
  }
}

}  // namespace
}  // namespace vkv
