#include "core/graph/repository.h"

#include <gtest/gtest.h>

#include "core/base/coding.h"
#include "core/base/error.h"
#include "tests/graph/histories.h"

namespace vkv {
namespace {

TEST(Repository, EveryStoreKnowsTheRootCommit) {
  History history;
  EXPECT_TRUE(history.repository.has_commit(root_commit_hash()));
  EXPECT_EQ(history.repository.commit(root_commit_hash()).root, empty_root());
  EXPECT_EQ(history.repository.find_commit(root_commit_hash())->generation, 0u);
  EXPECT_EQ(history.repository.create_commit(empty_root(), {}, {}), root_commit_hash());
  history.repository.flush();
  EXPECT_TRUE(history.memory.memory().empty());
}

TEST(Repository, CommitsAreThereOnceQueuedAndForOthersOnceFlushed) {
  History history;
  NodeCache cache(0);
  Repository other(history.memory, cache);
  const Hash hash = history.repository.create_commit(empty_root(), {root_commit_hash()}, {});
  EXPECT_TRUE(history.repository.has_commit(hash));
  EXPECT_FALSE(other.has_commit(hash));
  EXPECT_EQ(other.find_commit(hash), std::nullopt);
  EXPECT_THROW(other.commit(hash), Corruption);
  history.repository.flush();
  EXPECT_EQ(other.commit(hash), history.repository.commit(hash));
}

TEST(Repository, DiscardForgetsWhatIsQueued) {
  History history;
  const Hash hash = history.repository.create_commit(empty_root(), {root_commit_hash()}, {});
  history.repository.discard();
  history.repository.flush();
  EXPECT_FALSE(history.repository.has_commit(hash));
}

TEST(Repository, GenerationIsOneAboveTheParents) {
  History history;
  const Hash one = history.commit({root_commit_hash()}, "one");
  const Hash two = history.commit({one}, "two");
  const Hash merge = history.commit({one, two}, "merge");
  EXPECT_EQ(history.repository.commit(history.commit({}, "orphan")).generation, 0u);
  EXPECT_EQ(history.repository.commit(one).generation, 1u);
  EXPECT_EQ(history.repository.commit(two).generation, 2u);
  EXPECT_EQ(history.repository.commit(merge).generation, 3u);
  EXPECT_EQ(history.repository.commit(merge).parents, (std::vector{one, two}));
}

TEST(Repository, RefusesCommitsOnMissingParents) {
  History history;
  EXPECT_THROW(history.repository.create_commit(empty_root(), {sha256("none")}, {}), Corruption);
}

TEST(Repository, EqualCommitsHaveEqualHashesWhateverTheClock) {
  History one;
  History two;
  two.now += 1;
  EXPECT_EQ(one.commit({root_commit_hash()}, "m"), two.commit({root_commit_hash()}, "m"));
}

TEST(Repository, BirthTimeIsStoredBesideTheCommit) {
  History history;
  const Hash hash = history.commit({root_commit_hash()}, "m");
  const Bytes stored = *history.memory.get(object_key(ObjectType::commit, hash));
  const auto [body, trailer] = split_object(ObjectType::commit, stored);
  EXPECT_EQ(hash_object(ObjectType::commit, body), hash);
  Decoder in(trailer, "trailer");
  EXPECT_EQ(in.u64(), static_cast<std::uint64_t>(history.now));
  in.expect_end();
}

TEST(Repository, ReportsDamage) {
  History history;
  const Hash hash = history.commit({root_commit_hash()}, "m");
  const Bytes key = object_key(ObjectType::commit, hash);
  Bytes stored = *history.memory.get(key);
  stored[3] = static_cast<char>(stored[3] ^ 1);
  history.memory.set(key, stored);
  EXPECT_THROW(history.repository.commit(hash), Corruption);
  EXPECT_THROW(history.repository.find_commit(hash), Corruption);
}

TEST(Repository, FindsCommitsByTheBeginningOfTheirHash) {
  History history;
  std::vector<Hash> commits = history.chain(root_commit_hash(), 300);
  commits.push_back(root_commit_hash());
  std::sort(commits.begin(), commits.end());
  for (const Hash& commit : commits) {
    for (const std::size_t digits : {1u, 2u, 3u, 4u, 7u, 63u, 64u}) {
      const std::string prefix = commit.hex().substr(0, digits);
      std::vector<Hash> expected;
      for (const Hash& other : commits) {
        if (other.hex().starts_with(prefix)) expected.push_back(other);
      }
      ASSERT_EQ(history.repository.commits_with_prefix(prefix, 1000), expected) << prefix;
      expected.resize(std::min<std::size_t>(expected.size(), 2));
      ASSERT_EQ(history.repository.commits_with_prefix(prefix, 2), expected) << prefix;
    }
  }
}

TEST(Repository, PrefixesAreHexDigitsInEitherCase) {
  History history;
  const Hash commit = history.commit({root_commit_hash()}, "m");
  std::string upper = commit.hex().substr(0, 20);
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  EXPECT_EQ(history.repository.commits_with_prefix(upper, 2), std::vector{commit});
  EXPECT_THROW(history.repository.commits_with_prefix("xyzw", 2), InvalidArgument);
  EXPECT_THROW(history.repository.commits_with_prefix("abcg", 2), InvalidArgument);
}

}  // namespace
}  // namespace vkv
