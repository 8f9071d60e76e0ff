#include "ext/staged_rows.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

namespace vkv::ext {
namespace {

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
    rows.clear(10'000);
    EXPECT_TRUE(rows.map().empty());
    EXPECT_EQ(rows.bytes(), 0u);
  }
}

}  // namespace
}  // namespace vkv::ext
