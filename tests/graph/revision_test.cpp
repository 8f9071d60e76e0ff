#include "core/graph/revision.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/error.h"
#include "tests/graph/histories.h"

namespace vkv {
namespace {

// root ← a ← b ← merge, with side (on a) as the merge's second parent.
class RevisionTest : public testing::Test {
 protected:
  RevisionTest() {
    history_.repository.refs().swap_head("main", merge_, std::nullopt);
    history_.repository.refs().swap_head("feature/x", side_, std::nullopt);
    history_.repository.refs().create_tag("v1", {.commit = a_, .message = {}, .time = {}});
    // Found as a branch before it is found as a tag, or as a hash.
    history_.repository.refs().create_tag("main", {.commit = a_, .message = {}, .time = {}});
    history_.repository.refs().swap_head(a_.hex().substr(0, 8), b_, std::nullopt);
  }

  Hash resolve(std::string_view revision) {
    return resolve_revision(history_.repository, revision, b_);
  }

  std::string fault_of(std::string_view revision) {
    try {
      resolve(revision);
      return "";
    } catch (const InvalidArgument& error) {
      return error.what();
    }
  }

  History history_;
  const Hash root_ = root_commit_hash();
  const Hash a_ = history_.commit({root_}, "a");
  const Hash b_ = history_.commit({a_}, "b");
  const Hash side_ = history_.commit({a_}, "side");
  const Hash merge_ = history_.commit({b_, side_}, "merge");
};

TEST_F(RevisionTest, Resolved) {
  std::string upper = merge_.hex();
  std::transform(upper.begin(), upper.end(), upper.begin(), ::toupper);
  const std::pair<std::string, Hash> cases[] = {
      {"HEAD", b_},
      {"main", merge_},
      {"feature/x", side_},
      {"v1", a_},
      {merge_.hex(), merge_},
      {upper, merge_},
      {merge_.hex().substr(0, 7), merge_},
      {merge_.hex().substr(0, 12), merge_},
      {root_.hex(), root_},
      {root_.hex().substr(0, 9), root_},
      {a_.hex().substr(0, 8), b_},
      {a_.hex().substr(0, 9), a_},
      {"HEAD~", a_},
      {"HEAD~0", b_},
      {"HEAD~1", a_},
      {"HEAD~2", root_},
      {"HEAD~~", root_},
      {"HEAD^", a_},
      {"HEAD^0", b_},
      {"HEAD^^", root_},
      {"HEAD~01", a_},
      {"main^1", b_},
      {"main^2", side_},
      {"main^2~1", a_},
      {"main^2^", a_},
      {"main~3", root_},
      {"main^0~1^1~1", root_},
      {merge_.hex() + "^2", side_},
      {"v1~1", root_},
      {root_.hex() + "~0", root_},
  };
  for (const auto& [revision, commit] : cases) EXPECT_EQ(resolve(revision), commit) << revision;
}

TEST_F(RevisionTest, Refused) {
  const std::pair<std::string_view, const char*> cases[] = {
      {"", "is malformed: it starts with no name"},
      {"~1", "is malformed: it starts with no name"},
      {"^", "is malformed: it starts with no name"},
      {"none", "is unknown"},
      {"Main", "is unknown"},
      {"head", "is unknown"},
      {"WORKING", "is unknown"},
      {"main ", "is unknown"},
      {" main", "is unknown"},
      {"abc", "is unknown"},
      {"0000000000", "is unknown"},
      {"000000000000000000000000000000000000000000000000000000000000000000", "is unknown"},
      {"main~x", "is malformed: only ~ and ^ may follow the name"},
      {"main~1x", "is malformed: only ~ and ^ may follow the name"},
      {"main^{tree}", "is malformed: only ~ and ^ may follow the name"},
      {"main~-1", "is malformed: only ~ and ^ may follow the name"},
      {"main~99999999999999999999", "is malformed: a number is out of range"},
      {"main^3", "asks for a parent its commit does not have"},
      {"HEAD^2", "asks for a parent its commit does not have"},
      {"HEAD~3", "goes beyond the root"},
      {"HEAD~18446744073709551615", "goes beyond the root"},
      {"HEAD~2^", "goes beyond the root"},
      {"HEAD~2^2", "goes beyond the root"},
  };
  for (const auto& [revision, why] : cases) {
    EXPECT_THAT(fault_of(revision), testing::EndsWith(why)) << revision;
  }
}

TEST_F(RevisionTest, TheMessageNamesTheRevision) {
  EXPECT_EQ(fault_of("main~7"), "revision 'main~7' goes beyond the root");
}

TEST_F(RevisionTest, AnAbbreviationOfSeveralIsAmbiguous) {
  std::vector<Hash> commits = history_.chain(root_, 2000);
  std::sort(commits.begin(), commits.end());
  const auto twin = std::adjacent_find(commits.begin(), commits.end(), [](auto& one, auto& two) {
    return one.hex().substr(0, 4) == two.hex().substr(0, 4);
  });
  ASSERT_NE(twin, commits.end());
  EXPECT_THAT(fault_of(twin->hex().substr(0, 4)),
              testing::EndsWith("is ambiguous: it is the beginning of several commit hashes"));
  EXPECT_EQ(resolve(twin->hex().substr(0, 16)), *twin);
}

}  // namespace
}  // namespace vkv
