#include "ext/key_range.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "core/kv/sqlite.h"

namespace vkv::ext {
namespace {

struct Narrowing {
  KeyOperator op;
  BytesView value;
};

std::string shown(const KeyRange& range) {
  if (range.none()) return "none";
  std::string out =
      range.lower() ? (range.lower()->inclusive ? "[" : "(") + range.lower()->key : "-";
  out += "..";
  return out + (range.upper() ? range.upper()->key + (range.upper()->inclusive ? "]" : ")") : "-");
}

TEST(KeyRange, IsWhatAllConstraintsLeave) {
  using enum KeyOperator;
  const struct {
    std::vector<Narrowing> constraints;
    const char* range;
  } cases[] = {
      {{}, "-..-"},
      {{{equal, "b"}}, "[b..b]"},
      {{{equal, ""}}, "[..]"},
      {{{above, "b"}}, "(b..-"},
      {{{at_or_above, "b"}}, "[b..-"},
      {{{below, "b"}}, "-..b)"},
      {{{at_or_below, "b"}}, "-..b]"},
      {{{at_or_above, "b"}, {at_or_below, "d"}}, "[b..d]"},
      {{{above, "b"}, {at_or_above, "a"}, {at_or_above, "b"}}, "(b..-"},
      {{{at_or_below, "d"}, {below, "d"}, {below, "e"}}, "-..d)"},
      {{{above, "d"}, {below, "b"}}, "none"},
      {{{above, "b"}, {at_or_below, "b"}}, "none"},
      {{{at_or_above, "b"}, {at_or_below, "b"}}, "[b..b]"},
      {{{equal, "a"}, {equal, "b"}}, "none"},
      {{{equal, "b"}, {below, "b"}}, "none"},
      {{{glob, "user/*"}}, "[user/..user0)"},
      {{{glob, "a?"}}, "[a..b)"},
      {{{glob, "a[bc]"}}, "[a..b)"},
      {{{glob, "plain"}}, "[plain..plaio)"},
      {{{glob, "*x"}}, "-..-"},
      {{{glob, "a\xff*"}}, "[a\xff..b)"},
      {{{glob, "\xff\xff*"}}, "[\xff\xff..-"},
      {{{glob, BytesView("a\0b*", 4)}}, "[a..b)"},
      {{{like, "aB1%"}}, "[AB1..ab2)"},
      {{{like, "a_c"}}, "[A..b)"},
      {{{like, "%a"}}, "-..-"},
      {{{like, "caf\xc3\xa9%"}}, "[CAF..cag)"},
      {{{glob, "a*"}, {glob, "b*"}}, "none"},
  };
  for (const auto& c : cases) {
    KeyRange range;
    for (const auto& [op, value] : c.constraints) range.narrow(op, value);
    EXPECT_EQ(shown(range), c.range);
  }
}

TEST(KeyRange, MovesBelowAPrefix) {
  using enum KeyOperator;
  const struct {
    std::vector<Narrowing> constraints;
    BytesView prefix;
    const char* range;
  } cases[] = {
      {{}, "n/", "[n/..n0)"},
      {{{equal, ""}}, "n/", "[n/..n/]"},
      {{{above, "b"}}, "n/", "(n/b..n0)"},
      {{{at_or_below, "b"}}, "n/", "[n/..n/b]"},
      {{{above, "b"}, {below, "d"}}, "n/", "(n/b..n/d)"},
      {{{equal, "a"}, {equal, "b"}}, "n/", "none"},
      {{{glob, "user/*"}}, "n/", "[n/user/..n/user0)"},
      {{}, "\xff", "[\xff..-"},
  };
  for (const auto& c : cases) {
    KeyRange range;
    for (const auto& [op, value] : c.constraints) range.narrow(op, value);
    range.move_below(c.prefix);
    EXPECT_EQ(shown(range), c.range);
  }
}

TEST(KeyRange, OfAPatternHoldsAllThatMatch) {
  std::mt19937 random(1);
  const BytesView letters = "abABzZ@[`{_%*?\xc3\xa9";
  const auto text = [&] {
    Bytes out;
    for (auto left = random() % 5; left > 0; --left) out += letters[random() % letters.size()];
    return out;
  };
  int matches = 0;
  for (int i = 0; i < 200'000; ++i) {
    const Bytes pattern = text(), key = text();
    KeyRange like, glob;
    like.narrow(KeyOperator::like, pattern);
    glob.narrow(KeyOperator::glob, pattern);
    if (sqlite3_strlike(pattern.c_str(), key.c_str(), 0) == 0) {
      ++matches;
      EXPECT_TRUE(like.reaches_down_to(key) && like.reaches_up_to(key))
          << pattern << " LIKE " << key;
    }
    if (sqlite3_strglob(pattern.c_str(), key.c_str()) == 0) {
      ++matches;
      EXPECT_TRUE(glob.reaches_down_to(key) && glob.reaches_up_to(key))
          << pattern << " GLOB " << key;
    }
  }
  EXPECT_GT(matches, 1000);
}

}  // namespace
}  // namespace vkv::ext
