#include "core/base/arena.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <set>

namespace vkv {
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
    arena.reset(1'000'000);
    EXPECT_EQ(arena.used(), 0u);
  }
}

TEST(Arena, KeepsBytes) {
  Arena arena;
  const BytesView first = arena.keep({"one", "", "two"});
  const BytesView second = arena.keep({BytesView("\0x", 2)});
  EXPECT_EQ(first, "onetwo");
  EXPECT_EQ(second, BytesView("\0x", 2));
  EXPECT_EQ(arena.keep({}), "");
  EXPECT_EQ(arena.keep({""}), "");
  EXPECT_EQ(arena.used(), 8u);
}

TEST(Arena, KeepsItsMemory) {
  Arena arena;
  const auto fill = [&] {
    std::set<void*> given;
    for (int i = 0; i < 1000; ++i) given.insert(arena.allocate(4000));
    return given;
  };
  const std::set<void*> first = fill();
  arena.reset(10'000'000);
  std::size_t again = 0;
  for (void* const memory : fill()) again += first.contains(memory);
  EXPECT_GT(again, 850u);

  arena.reset(1'000'000);
  again = 0;
  for (void* const memory : fill()) again += first.contains(memory);
  EXPECT_GT(again, 150u);
}

}  // namespace
}  // namespace vkv
