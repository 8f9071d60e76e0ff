#include "core/tree/value.h"

#include <gtest/gtest.h>

#include <random>

#include "core/base/coding.h"
#include "core/base/error.h"
#include "core/tree/content_chunker.h"
#include "tests/tree/trees.h"

namespace vkv {
namespace {

Bytes random_bytes(std::size_t size, unsigned seed = 1) {
  std::mt19937_64 random(seed);
  Bytes bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

struct StoreValue : testing::Test {
  StoredValue store(const Value& value) { return store_value(chunks, value, scratch); }

  Memory memory;
  ChunkStore chunks{memory};
  Bytes scratch;
};

TEST_F(StoreValue, PlacementFollowsTheSize) {
  using enum StoredValue::Placement;
  const struct {
    std::size_t size;
    StoredValue::Placement placement;
    std::size_t chunks;
  } cases[] = {{0, in_node, 0}, {1, in_node, 0},  {1024, in_node, 0},
               {1025, blob, 1}, {65536, blob, 1}, {65537, list, 0}};
  for (const auto& expected : cases) {
    chunks.discard();
    const Value value(ValueType::text, random_bytes(expected.size));
    const StoredValue stored = store(value);
    EXPECT_EQ(stored.placement, expected.placement) << expected.size;
    EXPECT_EQ(stored.type, ValueType::text);
    EXPECT_EQ(stored.size(), expected.size);
    EXPECT_TRUE(is_well_formed(stored));
    if (expected.placement != list) {
      EXPECT_EQ(chunks.pending(), expected.chunks);
    }
    EXPECT_EQ(load_value(chunks, stored), value) << expected.size;
  }
}

TEST_F(StoreValue, ReadsBackWhatIsStored) {
  for (const std::size_t size : {100'000u, 1'000'000u, 5'000'001u}) {
    const Value value(ValueType::blob, random_bytes(size));
    const StoredValue stored = store(value);
    chunks.flush();
    EXPECT_EQ(load_value(chunks, stored), value) << size;
  }
}

TEST_F(StoreValue, EqualValuesHaveEqualStoredForms) {
  const Value value(ValueType::blob, random_bytes(300'000));
  const Bytes first(store(value).payload);
  Memory other_memory;
  ChunkStore other(other_memory);
  EXPECT_EQ(store_value(other, value, scratch).payload, first);
}

TEST_F(StoreValue, ASmallEditOfALargeValueStoresLittle) {
  const Bytes original = random_bytes(10'000'000);
  const struct {
    const char* what;
    Bytes edited;
  } cases[] = {
      {"a byte changed",
       [&] {
         Bytes b = original;
         b[5'000'000] ^= 1;
         return b;
       }()},
      {"a byte inserted",
       [&] {
         Bytes b = original;
         b.insert(5'000'000, "x");
         return b;
       }()},
      {"a byte removed",
       [&] {
         Bytes b = original;
         b.erase(5'000'000, 1);
         return b;
       }()},
  };
  store({ValueType::blob, original});
  chunks.flush();
  for (const auto& edit : cases) {
    store({ValueType::blob, edit.edited});
    std::size_t added = 0;
    Memory& before = memory;
    const Memory::Map known = before.memory();
    chunks.flush();
    for (const auto& [key, value] : memory.memory()) {
      if (!known.contains(key)) added += value.size();
    }
    EXPECT_LE(added, 200u * 1024) << edit.what;
    EXPECT_GT(added, 0u) << edit.what;
  }
}

TEST_F(StoreValue, DamageIsNoticed) {
  const Bytes bytes = random_bytes(200'000);
  Bytes payload(store({ValueType::blob, bytes}).payload);
  const Hash list = *list_of({ValueType::blob, StoredValue::Placement::list, payload});
  chunks.flush();
  std::vector<Hash> blobs;
  visit_blobs(chunks, {ValueType::blob, StoredValue::Placement::list, payload},
              [&](const Hash& hash, std::uint64_t) { blobs.push_back(hash); });
  ASSERT_GE(blobs.size(), 3u);

  const auto load = [&](BytesView stored) {
    return load_value(chunks, {ValueType::blob, StoredValue::Placement::list, stored});
  };
  const auto payload_of = [](std::uint64_t size, const Hash& hash) {
    Bytes out;
    put_varint(out, size);
    return out.append(hash.view());
  };
  EXPECT_EQ(load(payload).bytes, bytes);
  EXPECT_THROW(load(payload_of(bytes.size() + 1, list)), Corruption) << "list too short";
  EXPECT_THROW(load(payload_of(bytes.size() - 1, list)), Corruption) << "list too long";
  EXPECT_THROW(load(payload_of(std::uint64_t{1} << 60, list)), Corruption) << "absurd size";
  EXPECT_THROW(load(payload_of(bytes.size(), blobs[0])), Corruption) << "a blob is no list";

  Bytes lie;
  put_varint(lie, 70'000);
  lie.append(blobs[0].view());
  EXPECT_THROW(load(payload_of(70'000, chunks.write(ObjectType::list, lie))), Corruption)
      << "a chunk beyond the largest";
  lie.clear();
  put_varint(lie, 20'000);
  lie.append(blobs[0].view());
  EXPECT_THROW(load(payload_of(20'000, chunks.write(ObjectType::list, lie))), Corruption)
      << "a blob of another size";

  memory.remove(object_key(ObjectType::blob, blobs[1]));
  EXPECT_THROW(load(payload), Corruption) << "a missing blob";
}

TEST(ContentChunker, ChunksAreWithinBoundsAndClusterRoundTheTarget) {
  const Bytes bytes = random_bytes(20'000'000);
  std::size_t count = 0;
  for (BytesView rest = bytes; !rest.empty(); ++count) {
    const std::size_t size = first_content_chunk(rest);
    if (size < rest.size()) {
      ASSERT_GE(size, kMinContentChunk);
    }
    ASSERT_LE(size, kMaxContentChunk);
    rest.remove_prefix(size);
  }
  EXPECT_NEAR(static_cast<double>(bytes.size()) / static_cast<double>(count), 36'000, 6'000);
}

TEST(ContentChunker, ShortInputIsOneChunk) {
  for (const std::size_t size : {0u, 1u, 1000u, 16384u}) {
    EXPECT_EQ(first_content_chunk(random_bytes(size)), size);
  }
}

TEST(ContentChunker, BoundariesArePinned) {
  std::vector<std::size_t> sizes;
  const Bytes bytes = random_bytes(250'000, 7);
  for (BytesView rest = bytes; !rest.empty(); rest.remove_prefix(sizes.back())) {
    sizes.push_back(first_content_chunk(rest));
  }
  EXPECT_EQ(sizes, (std::vector<std::size_t>{33588, 36273, 34797, 34613, 41551, 41190, 27988}));
}

}  // namespace
}  // namespace vkv
