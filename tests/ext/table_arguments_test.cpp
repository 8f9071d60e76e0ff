#include "ext/table_arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "core/base/error.h"

namespace vkv::ext {
namespace {

using testing::HasSubstr;

TEST(TableArguments, TakeValuesBareAndQuoted) {
  const struct {
    const char* text;
    const char* branch;
  } cases[] = {
      {"branch=dev", "dev"},      {"  branch  =  feature/x-1  ", "feature/x-1"},
      {"branch='dev'", "dev"},    {"branch=\"dev\"", "dev"},
      {"branch='it''s'", "it's"}, {"branch=\"say \"\"hi\"\"\"", "say \"hi\""},
      {"branch='\"'", "\""},      {"branch=''", ""},
      {"branch=a=b", "a=b"},      {"branch\n=\n'two words'", "two words"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(parse_table_arguments(std::vector{c.text}).branch, c.branch) << c.text;
  }
}

TEST(TableArguments, MayBeAbsent) { EXPECT_EQ(parse_table_arguments({}).branch, std::nullopt); }

TEST(TableArguments, SayTheType) {
  EXPECT_FALSE(parse_table_arguments({}).is_live());
  EXPECT_FALSE(parse_table_arguments(std::vector{"type=versioned", "branch=b"}).is_live());
  EXPECT_TRUE(parse_table_arguments(std::vector{"type='live'"}).is_live());
}

TEST(TableArguments, DescribeAView) {
  const auto view = parse_table_arguments(std::vector{"store=kv", "namespace='a/b'", "ref=HEAD~1"});
  EXPECT_EQ(view.store, "kv");
  EXPECT_EQ(view.name_space, "a/b");
  EXPECT_EQ(view.ref, "HEAD~1");
  EXPECT_FALSE(is_view_of_a_store(std::vector{"branch=store", "ref='store=kv'"}));
  EXPECT_TRUE(is_view_of_a_store(std::vector{"what=1", " store = kv"}));
}

TEST(TableArguments, AreRefusedByName) {
  const struct {
    std::vector<const char*> arguments;
    const char* message;
  } cases[] = {
      {{"brunch=dev"}, "unknown argument 'brunch'"},
      {{"Branch=dev"}, "unknown argument 'Branch'"},
      {{"dev"}, "unknown argument 'dev'"},
      {{"=dev"}, "unknown argument ''"},
      {{""}, "unknown argument ''"},
      {{"branch=a", "branch=a"}, "argument 'branch' is given twice"},
      {{"branch"}, "argument 'branch' must be branch=value"},
      {{"branch="}, "argument 'branch=' must be branch=value"},
      {{"branch='dev"}, "argument 'branch='dev' must be branch=value"},
      {{"branch='dev' x"}, "argument 'branch='dev' x' must be branch=value"},
      {{"type=dead"}, "argument 'type' must be versioned or live, not 'dead'"},
      {{"type=''"}, "argument 'type' must be versioned or live, not ''"},
      {{"type=live", "branch=dev"}, "argument 'branch' is not for a live table"},
      {{"branch=dev", "type='live'"}, "argument 'branch' is not for a live table"},
      {{"namespace=a"}, "argument 'namespace' needs 'store'"},
      {{"branch=b", "ref=a"}, "argument 'ref' needs 'store'"},
      {{"store=kv"}, "argument 'store' needs 'namespace', 'branch' or 'ref'"},
      {{"store=kv", "branch=b", "ref=v1"}, "not of both"},
      {{"store=kv", "type=live", "namespace=a"}, "argument 'type' is not for a view"},
      {{"store=kv", "namespace=''"}, "argument 'namespace' must not be empty"},
      {{"store=kv", "namespace=/a"}, "start or end with a slash"},
      {{"store=kv", "namespace=a/"}, "start or end with a slash"},
      {{"branch=d'ev"}, "argument 'branch=d'ev' must be branch=value"},
  };
  for (const auto& c : cases) {
    try {
      parse_table_arguments(c.arguments);
      ADD_FAILURE() << c.message;
    } catch (const InvalidArgument& error) {
      EXPECT_THAT(error.what(), HasSubstr(c.message));
    }
  }
}

std::optional<WaterMarks> marks(std::vector<const char*> arguments) {
  return water_marks(parse_table_arguments(arguments));
}

TEST(TableArguments, GiveASizeBudget) {
  EXPECT_EQ(marks({}), std::nullopt);
  EXPECT_EQ(marks({"high_water_bytes=10000", "low_water_bytes='8000'"}), (WaterMarks{10000, 8000}));
  EXPECT_EQ(marks({"low_water_bytes=5", "high_water_bytes=5"}), (WaterMarks{5, 5}));
  EXPECT_EQ(marks({"high_water_bytes=9223372036854775807"}),
            (WaterMarks{9223372036854775807, 7378697629483820645}));
  EXPECT_EQ(marks({"high_water_bytes=1"}), (WaterMarks{1, 0}));
}

TEST(TableArguments, ThatContradictEachOtherAreRefused) {
  const struct {
    std::vector<const char*> arguments;
    const char* message;
  } cases[] = {
      {{"high_water_bytes=0"},
       "argument 'high_water_bytes' must be a whole number of bytes above 0, not '0'"},
      {{"high_water_bytes=-1"}, "'high_water_bytes' must be a whole number of bytes above 0"},
      {{"high_water_bytes=1e4"}, "not '1e4'"},
      {{"high_water_bytes=ten"}, "not 'ten'"},
      {{"high_water_bytes=''"}, "not ''"},
      {{"high_water_bytes='1 '"}, "not '1 '"},
      {{"high_water_bytes=9223372036854775808"}, "not '9223372036854775808'"},
      {{"high_water_bytes=9", "low_water_bytes=0"},
       "argument 'low_water_bytes' must be a whole number of bytes above 0, not '0'"},
      {{"high_water_bytes=9", "low_water_bytes=10"},
       "argument 'low_water_bytes' must not be above 'high_water_bytes'"},
      {{"low_water_bytes=10"}, "argument 'low_water_bytes' needs 'high_water_bytes'"},
  };
  for (const auto& c : cases) {
    try {
      marks(c.arguments);
      ADD_FAILURE() << c.message;
    } catch (const InvalidArgument& error) {
      EXPECT_THAT(error.what(), HasSubstr(c.message));
    }
  }
}

}  // namespace
}  // namespace vkv::ext
