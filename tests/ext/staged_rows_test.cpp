#include "ext/staged_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>

namespace vkv::ext {
namespace {

TEST(Arena, GivesWhatIsAlignedAndDoesNotOverlap) {
  Arena arena;
  std::mt19937_64 random(1);
  for (int round = 0; round < 3; ++round) {
    std::map<std::uintptr_t, std::size_t> given;
    std::size_t total = 0;
    for (int i = 0; i < 2000; ++i) {
      const std::size_t size = 1 + random() % (i % 100 == 0 ? 600'000 : 300);
      const std::size_t alignment = std::size_t{1} << random() % 5;
      void* const memory = arena.allocate(size, alignment);
      std::fill_n(static_cast<char*>(memory), size, 'x');
      const auto at = reinterpret_cast<std::uintptr_t>(memory);
      ASSERT_EQ(at % alignment, 0u);
      ASSERT_TRUE(given.emplace(at, size).second);
      total += size;
    }
    EXPECT_EQ(arena.used(), total);
    std::uintptr_t end = 0;
    for (const auto& [at, size] : given) {
      ASSERT_GE(at, end);
      end = at + size;
    }
    arena.reset();
    EXPECT_EQ(arena.used(), 0u);
  }
}

TEST(Arena, KeepsItsMemory) {
  Arena arena;
  const auto fill = [&] {
    std::set<void*> given;
    for (int i = 0; i < 1000; ++i) given.insert(arena.allocate(4000));
    return given;
  };
  const std::set<void*> first = fill();
  arena.reset();
  std::size_t again = 0;
  for (void* const memory : fill()) again += first.contains(memory);
  EXPECT_GT(again, 800u);
}

TEST(StagedRows, EqualsAMap) {
  StagedRows rows;
  std::mt19937_64 random(2);
  for (int round = 0; round < 3; ++round) {
    std::map<Bytes, std::optional<Value>> expected;
    for (int i = 0; i < 5000; ++i) {
      const Bytes key(std::to_string(random() % 500));
      const Value value(ValueType::blob, Bytes(random() % 200, static_cast<char>(random())));
      switch (random() % 4) {
        case 0:
          ASSERT_EQ(rows.insert(key, value), expected.emplace(key, value).second);
          break;
        case 1:
          rows.put(key, value);
          expected[key] = value;
          break;
        case 2:
          rows.put(key, std::nullopt);
          expected[key] = std::nullopt;
          break;
        default:
          ASSERT_EQ(rows.erase(key), expected.erase(key) > 0);
      }
    }
    ASSERT_EQ(rows.map().size(), expected.size());
    auto row = rows.map().begin();
    for (const auto& [key, value] : expected) {
      ASSERT_EQ(row->first, key);
      ASSERT_EQ(copy_of(row->second), value);
      ++row;
    }
    EXPECT_GT(rows.bytes(), 0u);
    rows.clear();
    EXPECT_TRUE(rows.map().empty());
    EXPECT_EQ(rows.bytes(), 0u);
  }
}

}  // namespace
}  // namespace vkv::ext
