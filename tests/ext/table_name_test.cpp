#include "ext/table_name.h"

#include <gtest/gtest.h>

#include "core/base/error.h"

namespace vkv::ext {
namespace {

TEST(TableName, IsBareOrQualifiedOrQuoted) {
  const struct {
    const char* text;
    std::optional<std::string> schema;
    const char* table;
  } cases[] = {
      {"kv", {}, "kv"},
      {"main.kv", "main", "kv"},
      {"my table", {}, "my table"},
      {"temp.my table", "temp", "my table"},
      {"\"a.b\"", {}, "a.b"},
      {"\"a\"\"b\".kv", "a\"b", "kv"},
      {"[a.b].`c``d`", "a.b", "c`d"},
      {"caf\xc3\xa9", {}, "caf\xc3\xa9"},
  };
  for (const auto& c : cases) {
    const TableName name = parse_table_name(c.text);
    EXPECT_EQ(name.schema, c.schema) << c.text;
    EXPECT_EQ(name.table, c.table) << c.text;
  }
}

TEST(TableName, IsRefusedOtherwise) {
  using namespace std::string_view_literals;
  for (const auto text :
       {""sv, "."sv, ".kv"sv, "main."sv, "a.b.c"sv, "\"kv"sv, "\"a\"b"sv, "[a"sv, "kv\0x"sv}) {
    EXPECT_THROW(parse_table_name(text), InvalidArgument) << text;
  }
}

}  // namespace
}  // namespace vkv::ext
