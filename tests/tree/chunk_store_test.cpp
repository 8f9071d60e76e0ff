#include "core/tree/chunk_store.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/kv/memory.h"

namespace vkv {
namespace {

using namespace std::string_literals;

constexpr ObjectType kTypes[] = {ObjectType::node, ObjectType::blob, ObjectType::list,
                                 ObjectType::commit};

TEST(Object, HashAndKeyBeginWithTheType) {
  EXPECT_EQ(hash_object(ObjectType::node, "body"), sha256("nbody"));
  const Hash hash = hash_object(ObjectType::blob, "body");
  EXPECT_EQ(object_key(ObjectType::blob, hash), "b" + Bytes(hash.view()));
}

TEST(ChunkStore, WritesAreReadAtOnceAndStoredByFlush) {
  for (const ObjectType type : kTypes) {
    Memory memory;
    ChunkStore chunks(memory);
    const Hash hash = chunks.write(type, "body");
    EXPECT_EQ(hash, hash_object(type, "body"));
    EXPECT_EQ(chunks.read(type, hash), "body");
    EXPECT_TRUE(memory.keys().empty());

    chunks.flush();
    EXPECT_EQ(chunks.pending(), 0u);
    EXPECT_EQ(memory.keys(), std::vector{object_key(type, hash)});
    EXPECT_EQ(chunks.read(type, hash), "body");
    EXPECT_EQ(chunks.reads(), 1u);
  }
}

TEST(ChunkStore, TypesDoNotMix) {
  Memory memory;
  ChunkStore chunks(memory);
  const Hash hash = chunks.write(ObjectType::blob, "body");
  EXPECT_EQ(chunks.find(ObjectType::node, hash), std::nullopt);
  chunks.flush();
  EXPECT_EQ(chunks.find(ObjectType::node, hash), std::nullopt);
  memory.set(object_key(ObjectType::node, hash), "body");
  EXPECT_THROW(chunks.find(ObjectType::node, hash), Corruption);
}

TEST(ChunkStore, TheTrailerIsStoredAndNotHashed) {
  Memory memory;
  ChunkStore chunks(memory);
  const Hash hash = chunks.write(ObjectType::commit, "body", "born");
  EXPECT_EQ(hash, hash_object(ObjectType::commit, "body"));
  EXPECT_EQ(chunks.read(ObjectType::commit, hash), "body");
  chunks.flush();
  EXPECT_EQ(memory.get(object_key(ObjectType::commit, hash)), "bodyborn\x04");
  EXPECT_EQ(chunks.read(ObjectType::commit, hash), "body");
  const StoredObject object = split_object(ObjectType::commit, "bodyborn\x04");
  EXPECT_EQ(object.body, "body");
  EXPECT_EQ(object.trailer, "born");
  EXPECT_THROW(chunks.write(ObjectType::blob, "body", "born"), InvalidArgument);
  EXPECT_THROW(chunks.write(ObjectType::commit, "body", Bytes(256, 'x')), InvalidArgument);
}

TEST(ChunkStore, RefusesCommitsThatCannotBeTakenApart) {
  EXPECT_THROW(split_object(ObjectType::commit, ""), Corruption);
  EXPECT_THROW(split_object(ObjectType::commit, "\x01"), Corruption);
  EXPECT_EQ(split_object(ObjectType::commit, "\x00"s).body, "");
}

TEST(ChunkStore, MissingObjects) {
  Memory memory;
  ChunkStore chunks(memory);
  const Hash hash = sha256("nothing");
  EXPECT_EQ(chunks.find(ObjectType::node, hash), std::nullopt);
  EXPECT_THROW(chunks.read(ObjectType::node, hash), Corruption);
}

// The positive control of hash verification: each bit matters.
TEST(ChunkStore, AnyFlippedBitIsCorruption) {
  for (const ObjectType type : kTypes) {
    Memory memory;
    ChunkStore chunks(memory);
    const Hash hash = chunks.write(type, "some body");
    chunks.flush();
    const Bytes key = object_key(type, hash);
    const Bytes stored = *memory.get(key);
    for (std::size_t bit = 0; bit < 8 * stored.size(); ++bit) {
      Bytes damaged = stored;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
      memory.set(key, damaged);
      EXPECT_THROW(chunks.read(type, hash), Corruption) << "bit " << bit;
    }
  }
}

TEST(ChunkStore, FlushesByItselfBeyondTheBatchSize) {
  Memory memory;
  ChunkStore chunks(memory, 10);
  chunks.write(ObjectType::blob, "0123456789");
  EXPECT_TRUE(memory.keys().empty());
  chunks.write(ObjectType::blob, "x");
  EXPECT_EQ(memory.keys().size(), 2u);
  EXPECT_EQ(chunks.pending(), 0u);
}

TEST(ChunkStore, DiscardForgets) {
  Memory memory;
  ChunkStore chunks(memory);
  const Hash hash = chunks.write(ObjectType::blob, "body");
  chunks.discard();
  EXPECT_EQ(chunks.find(ObjectType::blob, hash), std::nullopt);
  chunks.flush();
  EXPECT_TRUE(memory.keys().empty());
}

TEST(ChunkStore, CheckpointsCanInterrupt) {
  Memory memory;
  ChunkStore chunks(memory);
  const Hash hash = chunks.write(ObjectType::blob, "body");
  chunks.set_checkpoint([] { throw Error("interrupted"); });
  EXPECT_THROW(chunks.read(ObjectType::blob, hash), Error);
  EXPECT_THROW(chunks.write(ObjectType::blob, "other"), Error);
}

}  // namespace
}  // namespace vkv
