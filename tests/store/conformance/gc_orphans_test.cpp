// engine.md, "GCVersioned": clean_orphans().
#include "core/kv/disk.h"
#include "tests/kv/sqlite_database.h"
#include "tests/kv/temporary_directory.h"
#include "tests/store/conformance/budget.h"

namespace vkv {
namespace {

using Orphans = Budget;

TEST_F(Orphans, AreWhatNoRefReachesAndIsOldEnough) {
  v.commit({{"a", "1"}});
  v.commit({{"a", "2"}});
  v.rebase();
  EXPECT_EQ(v.clean_orphans(), 0U);  // too young
  EXPECT_EQ(v.clean_orphans({.min_age = std::chrono::milliseconds(0)}), 2U);
  EXPECT_EQ(v.clean_orphans({.min_age = std::chrono::milliseconds(0)}), 0U);
  EXPECT_EQ(items(v), (Entries{{"a", "2"}}));
  EXPECT_EQ(commits_of(v.history()), Keys{v.current_commit()});
}

TEST_F(Orphans, WhatABranchReachesStays) {
  v.commit({{"a", "1"}});
  v.create_branch("dev");
  v.commit({{"a", "2"}});
  v.rebase();
  EXPECT_EQ(v.clean_orphans({.min_age = std::chrono::milliseconds(0)}), 1U);
  GCVersioned dev = open("dev");
  EXPECT_EQ(items(dev), (Entries{{"a", "1"}}));
}

TEST_F(Orphans, WhatAWorkspaceOfAnSqlTableStandsOnStays) {
  const TemporaryDirectory directory;
  const auto disk = std::make_shared<Disk>(directory / "store");
  GCVersioned stored(disk, {.high_water_bytes = 100});
  const std::string base = *stored.commit({{"a", "1"}}).commit;
  const std::string other = *stored.commit({{"a", "2"}}).commit;
  stored.rebase();
  const auto set_workspaces = [&](const std::string& sql) {
    SqliteDatabase db(directory / "store");
    db.run("DELETE FROM vkv_workspace; DELETE FROM vkv_staged;" + sql);
  };
  const auto clean = [&] {
    return stored.clean_orphans({.min_age = std::chrono::milliseconds(0)});
  };
  const std::string insert = "INSERT INTO vkv_workspace(id, name, branch, base) VALUES(7, ";
  set_workspaces(insert + "'agent', 'main', x'" + base + "')");
  EXPECT_EQ(clean(), 1U);
  EXPECT_NE(stored.checkout(base), nullptr);
  EXPECT_EQ(stored.checkout(other), nullptr);
  set_workspaces(insert + "NULL, 'main', x'" + base +
                 "'); INSERT INTO vkv_staged VALUES(7, x'61', 0, 1)");
  EXPECT_EQ(clean(), 0U);
  set_workspaces(insert + "NULL, 'main', x'" + base + "')");
  EXPECT_EQ(clean(), 1U);
}

TEST_F(Orphans, MinAgeZeroIsRefusedWithoutAnExclusiveSection) {
  kv->has_exclusive = false;
  v.commit({{"a", "1"}});
  EXPECT_THROW(v.clean_orphans({.min_age = std::chrono::milliseconds(0)}), InvalidArgument);
  EXPECT_THROW(v.clean_orphans({.min_age = std::chrono::milliseconds(-1)}), InvalidArgument);
  EXPECT_EQ(v.clean_orphans(), 0U);
}

TEST_F(Orphans, WhatAYoungCommitReachesStays) {
  const Hash old = commit_long_ago({{"a", "old"}});
  const auto young = v.checkout(old.hex(), {.branch = "brief"})->commit({{"b", "young"}}).commit;
  v.commit({{"k", "v"}});
  v.delete_branch("brief");
  EXPECT_EQ(v.clean_orphans(), 0U);
  EXPECT_EQ(items(*v.checkout(old.hex())), (Entries{{"a", "old"}}));
  EXPECT_EQ(items(*v.checkout(*young)), (Entries{{"a", "old"}, {"b", "young"}}));
  EXPECT_EQ(v.clean_orphans({.min_age = std::chrono::milliseconds(0)}), 2U);
}

TEST_F(Orphans, WhatTheyShareWithWhatIsReachableStays) {
  const Updates shared{{"k", sized(10'000)}};
  Versioned(kv).commit(shared);
  commit_long_ago(shared);
  EXPECT_EQ(v.clean_orphans(), 1U);
  EXPECT_EQ(Versioned(kv).get("k"), sized(10'000));
}

TEST_F(Orphans, GoWhereTheStoreHasOneInItsExclusiveSection) {
  commit_long_ago({{"k", "v"}});
  bool was_exclusive = false;
  kv->before_removal = [&] { was_exclusive = kv->is_in_exclusive(); };
  EXPECT_EQ(v.clean_orphans(), 1U);
  EXPECT_TRUE(was_exclusive);
}

// The commit needs what the sweep has found dead already.
TEST_F(Orphans, ACommitBesideTheSweepIsWhole) {
  commit_long_ago({{"k", "v"}});
  kv->has_exclusive = false;
  kv->before_visit = [&] { Versioned(kv).commit({{"k", "v"}}); };
  EXPECT_EQ(v.clean_orphans(), 1U);
  v.refresh();
  EXPECT_EQ(items(v), (Entries{{"k", "v"}}));
}

TEST_F(Orphans, RebaseCleansThoseOldEnough) {
  const Hash old = commit_long_ago({{"k", "v"}});
  ASSERT_TRUE(Refs(*kv).swap_head("main", old, std::nullopt));
  v.refresh();
  EXPECT_EQ(v.rebase().orphans_cleaned, 1U);
  EXPECT_EQ(v.checkout(old.hex()), nullptr);
  v.commit({{"a", "1"}});
  EXPECT_EQ(v.rebase().orphans_cleaned, 0U);  // too young
}

}  // namespace
}  // namespace vkv
