// Roots that every machine and every version must arrive at, as long as the format is this one.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>

#include "tests/tree/trees.h"

namespace vkv {
namespace {

std::string numbered(const char* prefix, unsigned i) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%s%08x", prefix, i * 2654435761u);
  return text.data();
}

TEST(GoldenRoot, Pinned) {
  const auto filled = [](unsigned count, std::size_t value_size) {
    Rows rows;
    for (unsigned i = 0; i < count; ++i) {
      rows[numbered("user/", i)] = std::string(value_size, static_cast<char>('a' + i % 26));
    }
    return rows;
  };
  const struct {
    const char* what;
    Rows rows;
    const char* root;
  } cases[] = {
      {"empty", {}, "8848b45d0e7842cd6d914b6995bde37a83ac4b19296aa13bec510521c8f8ba07"},
      {"one empty row",
       {{"", ""}},
       "1cf809c223996fed56f2320b9865163f75ab615e1ab9910868d8ef286c14af5b"},
      {"one row",
       {{"key", "value"}},
       "67cf7fd21846fc35050062834208838991faaf2641aca5e1ee3de7ec01a84607"},
      {"one leaf", filled(20, 10),
       "5baa7c43f3abe479845a5e514d6ee19c7f355b8bed08adb2d745c178c3ccf05d"},
      {"a hundred rows", filled(100, 100),
       "8fc86a74db75f00a70cdeb5263f696bef5e9ccda84e057bbfe2f1ab30ee24779"},
      {"ten thousand rows", filled(10'000, 100),
       "b982c77b5ec7df64c3c021ddff8c4001adec6ebebdf91e8a55c43c46182dbb56"},
      {"long values", filled(500, 1000),
       "2687f804ccfaa8a65fa01b2cc06a38f614339f6decc7372bcd1ed8dfc23c9121"},
      {"no values", filled(20'000, 0),
       "b5d4421cba6570241d8cfb892fe0f37b55906521170bf93c50e9afc48a9f5409"},
  };
  for (const auto& golden : cases) {
    EXPECT_EQ(Trees().build(golden.rows).hex(), golden.root) << golden.what;
  }
}

}  // namespace
}  // namespace vkv
