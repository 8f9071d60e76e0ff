// engine.md, "Versioned": history, metadata and diff.
#include "core/graph/commit.h"
#include "tests/store/conformance/stores.h"

namespace vkv {
namespace {

// root - base - theirs - merge, and base - ours - merge.
struct Merged {
  Merged() {
    base = *v.commit({{"k", "0"}}, {}, {.message = "base"}).commit;
    const auto dev = v.create_branch("dev");
    theirs = *dev->commit({{"t", "1"}}, {}, {.message = "theirs"}).commit;
    ours = *v.commit({{"o", "1"}}, {}, {.message = "ours"}).commit;
    merge = *v.merge("dev", {.message = "merge"}).commit;
  }

  Versioned v;
  const std::string root = root_commit_hash().hex();
  std::string base, theirs, ours, merge;
};

TEST(History, IsNewestFirstAlongFirstParents) {
  Merged m;
  EXPECT_EQ(commits_of(m.v.history()), (Keys{m.merge, m.ours, m.base, m.root}));
}

TEST(History, OfAllParentsHasEachCommitOnceBreadthFirst) {
  Merged m;
  EXPECT_EQ(commits_of(m.v.history({.all_parents = true})),
            (Keys{m.merge, m.ours, m.theirs, m.base, m.root}));
}

TEST(History, StartsAtAnyCommit) {
  Merged m;
  EXPECT_EQ(commits_of(m.v.history({.commit = m.theirs})), (Keys{m.theirs, m.base, m.root}));
  EXPECT_THROW(m.v.history({.commit = kUnknownCommit}), InvalidArgument);
}

TEST(History, TellsParentsAndMetadata) {
  Merged m;
  const std::optional<HistoryEntry> newest = m.v.history().next();
  ASSERT_TRUE(newest);
  EXPECT_EQ(newest->parents, (Keys{m.ours, m.theirs}));
  EXPECT_EQ(newest->metadata.message, "merge");
}

TEST(History, IsLazy) {
  Versioned v;
  for (int i = 0; i < 50; ++i) v.commit({{"k", Bytes(std::to_string(i))}});
  const Hash second = *Hash::from_hex(v.parents(v.current_commit())[0]);
  Stream<HistoryEntry> history = v.history();
  EXPECT_EQ(history.next()->commit, v.current_commit());
  // What has not been asked for has not been read.
  v.store()->remove("c" + std::string(second.view()));
  EXPECT_THROW(history.next(), Corruption);
}

TEST(History, InitialCommitIsTheOldestOnFirstParents) {
  Merged m;
  EXPECT_EQ(m.v.initial_commit(), m.root);
  EXPECT_EQ(Versioned().initial_commit(), m.root);
}

TEST(History, ParentsAreThoseOfTheCommit) {
  Merged m;
  EXPECT_EQ(m.v.parents(m.merge), (Keys{m.ours, m.theirs}));
  EXPECT_EQ(m.v.parents(m.base), Keys{m.root});
  EXPECT_EQ(m.v.parents(m.root), Keys{});
  EXPECT_THROW(m.v.parents(kUnknownCommit), InvalidArgument);
}

TEST(Metadata, InfoIsAbsentWhenNoneWasGiven) {
  Versioned v;
  const auto without = v.commit({{"k", "1"}}).commit;
  const auto with = v.commit({{"k", "2"}}, {}, {.info = "{\"b\": 1, \"a\": null}"}).commit;
  EXPECT_EQ(v.commit_info(*without), std::nullopt);
  EXPECT_EQ(v.commit_info(*with), "{\"a\":null,\"b\":1}");
  EXPECT_THROW(v.commit_info("main"), InvalidArgument);
}

TEST(Metadata, IsMessageAuthorAndTime) {
  Versioned v;
  const auto commit =
      v.commit({{"k", "1"}}, {}, {.message = "m", .author = "a", .time = -62'135'596'800'000});
  const CommitMetadata metadata = v.commit_metadata(*commit.commit);
  EXPECT_EQ(metadata.message, "m");
  EXPECT_EQ(metadata.author, "a");
  EXPECT_EQ(metadata.time, -62'135'596'800'000);
  EXPECT_THROW(v.commit_metadata(kUnknownCommit), InvalidArgument);
}

struct Diffed {
  Diffed() {
    first = *v.commit({{"gone", "1"}, {"changed", "1"}, {"same", "1"}}).commit;
    second = *v.commit({{"changed", "2"}, {"new", "2"}}, {"gone"}).commit;
  }

  Versioned v;
  std::string first, second;
};

TEST(Diff, IsByContent) {
  Diffed d;
  const DiffResult diff = d.v.diff(d.first, d.second);
  EXPECT_EQ(diff.added, std::set<std::string>{"new"});
  EXPECT_EQ(diff.removed, std::set<std::string>{"gone"});
  EXPECT_EQ(diff.modified, std::set<std::string>{"changed"});
  const DiffResult back = d.v.diff(d.second, d.first);
  EXPECT_EQ(back.added, diff.removed);
  EXPECT_EQ(back.removed, diff.added);
  EXPECT_EQ(back.modified, diff.modified);
}

TEST(Diff, OfEqualContentIsEmptyWhateverTheHistory) {
  Diffed d;
  d.v.commit({{"changed", "1"}, {"gone", "1"}}, {"new"});
  const DiffResult diff = d.v.diff(d.first, d.v.current_commit());
  EXPECT_TRUE(diff.added.empty() && diff.removed.empty() && diff.modified.empty());
}

TEST(Diff, StreamsWithValues) {
  Diffed d;
  std::vector<std::string> lines;
  for (const DiffEntry& entry : d.v.diff_stream(d.first, d.second)) {
    lines.push_back(entry.key + ": " + (entry.before ? entry.before->bytes : "-") + " -> " +
                    (entry.after ? entry.after->bytes : "-"));
  }
  EXPECT_EQ(lines, (Keys{"changed: 1 -> 2", "gone: 1 -> -", "new: - -> 2"}));
}

TEST(Diff, CostFollowsTheChanges) {
  const auto kv = std::make_shared<Memory>();
  Versioned writer(kv);
  const auto a = writer.commit(many_updates()).commit;
  const auto b = writer.commit({{"key110000", "changed"}}).commit;
  const auto counting = std::make_shared<InterposedStore>(kv);
  Versioned reader(counting);
  EXPECT_EQ(reader.diff(*a, *b).modified, std::set<std::string>{"key110000"});
  EXPECT_LT(counting->reads, 20);
}

TEST(Diff, RefusesUnknownCommits) {
  Diffed d;
  EXPECT_THROW(d.v.diff(d.first, kUnknownCommit), InvalidArgument);
  EXPECT_THROW(d.v.diff_stream("main", d.first), InvalidArgument);
}

}  // namespace
}  // namespace vkv
