#include "core/graph/ref_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/base/error.h"

namespace vkv {
namespace {

using namespace std::literals;

std::string fault_of(std::string_view name) {
  try {
    check_ref_name("branch", name);
    return "";
  } catch (const InvalidArgument& error) {
    return error.what();
  }
}

TEST(RefName, Accepted) {
  for (const std::string_view name :
       {"main",  "a",      "feature/x", "a/b/c", "v1.0",     "a.b",  "1",      "dead",
        "head",  "HEAD/x", "x-",        "a@b",   "@x",       "{x}",  "lock",   "x.lock.y",
        "größe", "分支",   "a#b",       "a%b",   "'quoted'", "a\"b", "working"}) {
    EXPECT_EQ(fault_of(name), "") << name;
  }
}

TEST(RefName, Refused) {
  constexpr const char* kForbidden =
      "contains a space, a control character or one of ~ ^ : ? * [ \\";
  const std::pair<std::string_view, const char*> cases[] = {
      {"", "is empty"},
      {"HEAD", "is reserved"},
      {"WORKING", "is reserved"},
      {"@", "is reserved"},
      {"\xff", "is not UTF-8"},
      {"-x", "starts with '-'"},
      {"a b", kForbidden},
      {"a\tb", kForbidden},
      {"a\nb", kForbidden},
      {"a\0b"sv, kForbidden},
      {"a\x7f", kForbidden},
      {"a~1", kForbidden},
      {"a^", kForbidden},
      {"a:b", kForbidden},
      {"a?", kForbidden},
      {"a*", kForbidden},
      {"a[b", kForbidden},
      {"a\\b", kForbidden},
      {"a..b", "contains '..'"},
      {"a@{b", "contains '@{'"},
      {"a.", "ends with '.'"},
      {"/a", "has an empty part between slashes"},
      {"a/", "has an empty part between slashes"},
      {"a//b", "has an empty part between slashes"},
      {"/", "has an empty part between slashes"},
      {".a", "has a part that starts with '.'"},
      {"a/.b", "has a part that starts with '.'"},
      {"a.lock", "has a part that ends with '.lock'"},
      {"a.lock/b", "has a part that ends with '.lock'"},
  };
  for (const auto& [name, why] : cases) {
    EXPECT_THAT(fault_of(name), testing::EndsWith(why)) << name;
  }
}

TEST(RefName, TheMessageNamesKindAndName) {
  EXPECT_EQ(fault_of("a..b"), "branch name 'a..b' contains '..'");
  try {
    check_ref_name("tag", "");
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_STREQ(error.what(), "tag name '' is empty");
  }
}

}  // namespace
}  // namespace vkv
