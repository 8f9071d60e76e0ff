#include "ext/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "ext/guard.h"
#include "tests/ext/sql_values.h"

namespace vkv::ext {
namespace {

using ::testing::HasSubstr;
using testing::SqlValues;

constexpr const char* kNames[] = {"table", "name", "options"};

TEST(Arguments, ReadsWhatIsThere) {
  const SqlValues values("'kv', 'dev'");
  const Arguments arguments(values.values(), kNames);
  EXPECT_EQ(arguments.text(0), "kv");
  EXPECT_EQ(arguments.optional_text(1), "dev");
  EXPECT_TRUE(arguments.given(1));
  EXPECT_FALSE(arguments.given(2));
  EXPECT_EQ(arguments.optional_text(2), std::nullopt);
  EXPECT_NO_THROW(arguments.options(2).finish());
}

TEST(Arguments, NullIsAbsent) {
  const SqlValues values("'kv', NULL, NULL");
  const Arguments arguments(values.values(), kNames);
  EXPECT_FALSE(arguments.given(1));
  EXPECT_EQ(arguments.optional_text(1), std::nullopt);
  EXPECT_NO_THROW(arguments.options(2).finish());
}

TEST(Arguments, KeysBecomeText) {
  const struct {
    const char* expression;
    std::string key;
  } cases[] = {
      {"'a'", "a"},
      {"''", ""},
      {"1", "1"},
      {"1.0", "1.0"},
      {"CAST(x'610062' AS TEXT)", std::string("a\0b", 3)},
      {"CAST(x'ff' AS TEXT)", "\xff"},
  };
  for (const auto& c : cases) {
    const SqlValues values(c.expression);
    EXPECT_EQ(Arguments(values.values(), kNames).key(0), c.key) << c.expression;
  }
}

template <typename Thrown>
std::string message_of(const char* expressions, const std::function<void(Arguments&)>& read) {
  const SqlValues values(expressions);
  Arguments arguments(values.values(), kNames);
  try {
    read(arguments);
  } catch (const Thrown& error) {
    return error.what();
  }
  return "nothing thrown";
}

TEST(Arguments, NamesTheWrongType) {
  const auto text = [](Arguments& arguments) { arguments.text(1); };
  EXPECT_EQ(message_of<WrongType>("'kv'", text), "argument 2 (name) must be text, not NULL");
  EXPECT_EQ(message_of<WrongType>("'kv', NULL", text), "argument 2 (name) must be text, not NULL");
  EXPECT_EQ(message_of<WrongType>("'kv', 5", text),
            "argument 2 (name) must be text, not integer 5");
  EXPECT_EQ(message_of<WrongType>("'kv', 0.5", text),
            "argument 2 (name) must be text, not real 0.5");
  EXPECT_EQ(message_of<WrongType>("'kv', x'00ff'", text),
            "argument 2 (name) must be text, not a blob of 2 bytes");

  const auto key = [](Arguments& arguments) { arguments.key(0); };
  EXPECT_EQ(message_of<WrongType>("NULL", key), "argument 1 (table) must be text, not NULL");
  EXPECT_EQ(message_of<WrongType>("x'61'", key),
            "argument 1 (table) must be text, not a blob of 1 bytes");

  const auto options = [](Arguments& arguments) { arguments.options(2); };
  EXPECT_EQ(message_of<WrongType>("'kv', 'x', 1", options),
            "argument 3 (options) must be text, not integer 1");
}

TEST(Arguments, RefusesWhatIsNoText) {
  EXPECT_EQ(message_of<InvalidArgument>("CAST(x'61ff' AS TEXT)",
                                        [](Arguments& arguments) { arguments.text(0); }),
            R"(argument 1 (table) is not valid UTF-8: 'a\xff')");
  EXPECT_THAT(message_of<InvalidArgument>("'kv', 'x', '{'",
                                          [](Arguments& arguments) { arguments.options(2); }),
              HasSubstr("argument 3 (options): malformed JSON"));
}

}  // namespace
}  // namespace vkv::ext
