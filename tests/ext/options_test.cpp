#include "ext/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ext/guard.h"

namespace vkv::ext {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

Options options(const char* json) { return {"argument 3 (options)", json}; }

TEST(Options, AbsentOnesHaveDefaults) {
  Options none = options("{}");
  EXPECT_FALSE(none.flag("force"));
  EXPECT_EQ(none.text("author"), std::nullopt);
  EXPECT_EQ(none.choice("on_conflict", {"raise", "abandon"}), 0u);
  EXPECT_EQ(none.object("info"), std::nullopt);
  EXPECT_EQ(none.texts("keys"), std::nullopt);
  EXPECT_EQ(none.time("time", std::nullopt), std::nullopt);
  EXPECT_EQ(none.time("time", 7), 7);
  EXPECT_NO_THROW(none.finish());
}

TEST(Options, ReadsEachKind) {
  Options given = options(R"({"force": true, "author": "Ann", "on_conflict": "abandon",
                              "info": {"b": 1, "a": [2]}, "keys": ["a*", "b"]})");
  EXPECT_TRUE(given.flag("force"));
  EXPECT_EQ(given.text("author"), "Ann");
  EXPECT_EQ(given.choice("on_conflict", {"raise", "abandon"}), 1u);
  EXPECT_EQ(given.object("info"), R"({"a":[2],"b":1})");
  EXPECT_THAT(given.texts("keys"), Optional(ElementsAre("a*", "b")));
  EXPECT_NO_THROW(given.finish());
}

TEST(Options, FlagsMayBeNumbers) {
  EXPECT_TRUE(options(R"({"force":1})").flag("force"));
  EXPECT_FALSE(options(R"({"force":0})").flag("force"));
  EXPECT_FALSE(options(R"({"force":false})").flag("force"));
}

TEST(Options, ReadsTimes) {
  const struct {
    const char* json;
    std::optional<std::int64_t> milliseconds;
  } cases[] = {
      {R"({"time": "2026-01-02T03:04:05Z"})", 1'767'323'045'000},
      {R"({"time": 1767323045})", 1'767'323'045'000},
      {R"({"time": 1767323045.25})", 1'767'323'045'250},
      {R"({"time": null})", std::nullopt},
      {R"({})", 7},
  };
  for (const auto& c : cases) EXPECT_EQ(options(c.json).time("time", 7), c.milliseconds) << c.json;
}

// What reading everything a function might know says about the options.
template <typename Thrown>
std::string complaint(const char* json) {
  try {
    Options given = options(json);
    given.flag("force");
    given.text("author");
    given.choice("on_conflict", {"raise", "abandon", "ours"});
    given.object("info");
    given.texts("keys");
    given.time("time", std::nullopt);
    given.finish();
  } catch (const Thrown& error) {
    return error.what();
  }
  return "nothing thrown";
}

TEST(Options, ReadsSeconds) {
  using std::chrono::milliseconds;
  EXPECT_EQ(options("{}").seconds("min_age"), std::nullopt);
  EXPECT_EQ(options(R"({"min_age":0})").seconds("min_age"), milliseconds(0));
  EXPECT_EQ(options(R"({"min_age":1.5})").seconds("min_age"), milliseconds(1500));
  EXPECT_THROW(options(R"({"min_age":"1"})").seconds("min_age"), WrongType);
  for (const char* json : {R"({"min_age":-0.1})", R"({"min_age":1e300})"}) {
    EXPECT_THROW(options(json).seconds("min_age"), InvalidArgument) << json;
  }
}

TEST(Options, RefusesWrongTypes) {
  const struct {
    const char* json;
    const char* message;
  } cases[] = {
      {R"({"force": "yes"})", "option force must be true or false, not the string 'yes'"},
      {R"({"force": 2})", "option force must be true or false, not '2'"},
      {R"({"force": 1.0})", "option force must be true or false, not '1.0'"},
      {R"({"force": null})", "option force must be true or false, not 'null'"},
      {R"({"author": 5})", "option author must be a string, not '5'"},
      {R"({"author": null})", "option author must be a string, not 'null'"},
      {R"({"on_conflict": true})", "option on_conflict must be a string, not 'true'"},
      {R"({"info": "{}"})", "option info must be an object, not the string '{}'"},
      {R"({"info": [1]})", "option info must be an object, not '[1]'"},
      {R"({"keys": "a"})", "option keys must be an array of strings, not the string 'a'"},
      {R"({"keys": ["a", 1]})", R"(option keys must be an array of strings, not '["a",1]')"},
      {R"({"time": true})", "option time must be ISO 8601 text, Unix seconds or null, not 'true'"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(complaint<WrongType>(c.json), std::string("argument 3 (options): ") + c.message);
  }
}

TEST(Options, RefusesWrongValues) {
  const struct {
    const char* json;
    const char* message;
  } cases[] = {
      {R"({"on_conflict": "x"})", ": option on_conflict must be raise, abandon or ours, not 'x'"},
      {R"({"time": "now"})",
       ": option time must be ISO 8601 text, Unix seconds or null, within the years 0000 to 9999, "
       "not the string 'now'"},
      {R"({"time": 1e300})",
       ": option time must be ISO 8601 text, Unix seconds or null, within the years 0000 to 9999, "
       "not '1e+300'"},
      {R"({"colour": "red"})",
       ": unknown option 'colour'; there is force, author, on_conflict, info, keys and time"},
      {R"([])", ": not a JSON object: '[]'"},
      {R"({"a":1,"a":2})", R"(: member 'a' is given twice: '{"a":1,"a":2}')"},
      {"{", ": malformed JSON at byte 2: '{'"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(complaint<InvalidArgument>(c.json), std::string("argument 3 (options)") + c.message);
  }
}

TEST(Options, SaysWhenThereAreNone) {
  try {
    options(R"({"a":1})").finish();
    ADD_FAILURE();
  } catch (const InvalidArgument& error) {
    EXPECT_STREQ(error.what(), "argument 3 (options): unknown option 'a'; there is none");
  }
}

}  // namespace
}  // namespace vkv::ext
