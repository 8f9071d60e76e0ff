// Three-way merges of a package inventory, compared with the same in plain SQL over plain tables.
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

#include "tests/dpkg/packages.h"

namespace vkv::test {
namespace {

constexpr int kMerges = 12;
constexpr int kEdits = 15;

// Each key's base, ours and theirs; NULL where it is absent, which no value here is.
constexpr const char* kSides = R"sql(
  CREATE TEMP VIEW side AS
  SELECT key, base.value AS base, ours.value AS ours, theirs.value AS theirs
    FROM (SELECT key FROM base UNION SELECT key FROM ours UNION SELECT key FROM theirs)
    LEFT JOIN base USING(key) LEFT JOIN ours USING(key) LEFT JOIN theirs USING(key))sql";
constexpr const char* kConflicts =
    "SELECT key FROM side WHERE ours IS NOT theirs AND ours IS NOT base AND theirs IS NOT base "
    "ORDER BY key";

// The merge, conflicts going to the preferred side.
std::string merged(const std::string& preferred) {
  return "SELECT key, value FROM (SELECT key, CASE WHEN ours IS base THEN theirs "
         "WHEN theirs IS base OR ours IS theirs THEN ours ELSE " +
         preferred + " END AS value FROM side) WHERE value IS NOT NULL ORDER BY key";
}

std::string changes(const std::string& side) {
  return "SELECT key, CASE WHEN base IS NULL THEN 'added' WHEN " + side +
         " IS NULL THEN 'removed' ELSE 'modified' END, base, " + side +
         " FROM side WHERE base IS NOT " + side + " ORDER BY key";
}

class PackageMerge : public testing::TestWithParam<std::filesystem::path> {
 protected:
  PackageMerge() {
    load_packages(db, GetParam(), VKV_DEMO);
    db.must("CREATE VIRTUAL TABLE kv USING vkv");
    db.must(
        "INSERT INTO kv SELECT 'pkg/' || name, "
        "json_object('version', version, 'section', section, 'size', size) FROM package");
    db.must("SELECT vkv_commit('kv', 'inventory')");
    db.must("CREATE TEMP TABLE base AS SELECT key, value FROM kv");
    for (const char* side : {"ours", "theirs"}) {
      db.must(std::string("CREATE TEMP TABLE ") + side +
              "(key TEXT PRIMARY KEY, value) WITHOUT ROWID");
    }
    db.must(kSides);
    packages = db.run("SELECT key FROM base ORDER BY key").rows;
  }

  // The same random edits on the branch and on the plain table.
  void edit(const std::string& side) {
    db.must("SELECT vkv_branch('kv', '" + side + "', 'base'); SELECT vkv_checkout('kv', '" + side +
            "')");
    db.must("DELETE FROM " + side + "; INSERT INTO " + side + " SELECT key, value FROM base");
    for (int i = 0; i < kEdits; ++i) {
      const auto& [sql, parameters] = random_edit();
      for (const std::string& table : {std::string("kv"), side}) {
        const Answer answer = db.run(
            sql.substr(0, sql.find('@')) + table + sql.substr(sql.find('@') + 1), parameters);
        ASSERT_TRUE(answer.ok()) << sql << ": " << answer.message;
      }
    }
    db.must("SELECT vkv_commit('kv', 'edits of " + side + "')");
    EXPECT_EQ(difference(rows_of(side), rows_of("kv")), "");
  }

  // With @ for the table. Keys come from a tenth of the inventory, so that the sides meet.
  std::pair<std::string, std::vector<SqlValue>> random_edit() {
    const SqlValue key = packages[random() % packages.size() / 10 * 10 % packages.size()][0];
    const auto version = std::to_string(random() % 3);
    switch (random() % 4) {
      case 0:
        return {"UPDATE @ SET value = json_set(value, '$.version', ?2) WHERE key = ?1",
                {key, version}};
      case 1:
        return {"DELETE FROM @ WHERE key = ?1", {key}};
      case 2:
        return {"INSERT OR REPLACE INTO @ VALUES(?1, json_object('version', ?2))",
                {"pkg/new-" + version, version}};
      default:
        return {
            "UPDATE @ SET value = json_set(value, '$.size', ?2) WHERE key BETWEEN ?1 AND ?1 || '/'",
            {key, version}};
    }
  }

  std::vector<SqlRow> rows_of(const std::string& table) {
    return db.run("SELECT key, value FROM " + table + " ORDER BY key").rows;
  }

  // Merges theirs into a new branch at `into`; the answer of vkv_merge.
  Answer merge(const std::string& branch, const std::string& into, const std::string& from,
               const std::string& on_conflict) {
    db.must("SELECT vkv_branch('kv', '" + branch + "', '" + into +
            "'); SELECT vkv_checkout('kv', '" + branch + "')");
    return db.run("SELECT vkv_merge('kv', ?1, json_object('on_conflict', ?2))",
                  {from, on_conflict});
  }

  void forget_branches() {
    db.must("SELECT vkv_checkout('kv', 'main')");
    for (const SqlRow& row :
         db.run("SELECT name FROM vkv_branches('kv') WHERE name <> 'main'").rows) {
      if (row[0] == SqlValue("base")) continue;
      ASSERT_TRUE(db.run("SELECT vkv_branch_delete('kv', ?1)", {row[0]}).ok());
    }
  }

  Database db;
  std::mt19937 random{1};
  std::vector<SqlRow> packages;
};

TEST_P(PackageMerge, EqualsItsComputationInPlainSql) {
  ASSERT_GT(packages.size(), 20u);
  db.must("SELECT vkv_branch('kv', 'base')");
  std::size_t conflicting_merges = 0;
  for (int i = 0; i < kMerges; ++i) {
    edit("ours");
    edit("theirs");
    EXPECT_EQ(difference(db.run(changes("ours")).rows,
                         db.run("SELECT * FROM vkv_diff('kv', 'base', 'ours')").rows),
              "");
    EXPECT_EQ(difference(db.run(changes("theirs")).rows,
                         db.run("SELECT * FROM vkv_diff('kv', 'base', 'theirs')").rows),
              "");

    const auto conflicts = db.run(kConflicts).rows;
    conflicting_merges += !conflicts.empty();
    const Answer raised = merge("raised", "ours", "theirs", "raise");
    if (conflicts.empty()) {
      EXPECT_TRUE(raised.ok()) << raised.message;
      EXPECT_EQ(difference(db.run(merged("NULL")).rows, rows_of("kv")), "");
    } else {
      EXPECT_EQ(raised.code, SQLITE_CONSTRAINT);
      for (std::size_t c = 0; c < conflicts.size() && c < 20; ++c) {
        EXPECT_NE(raised.message.find(std::get<std::string>(conflicts[c][0])), std::string::npos)
            << raised.message;
      }
      EXPECT_EQ(difference(rows_of("ours"), rows_of("kv")), "");
    }
    ASSERT_TRUE(merge("kept-ours", "ours", "theirs", "ours").ok());
    EXPECT_EQ(difference(db.run(merged("ours")).rows, rows_of("kv")), "");
    ASSERT_TRUE(merge("took-theirs", "ours", "theirs", "theirs").ok());
    EXPECT_EQ(difference(db.run(merged("theirs")).rows, rows_of("kv")), "");
    ASSERT_TRUE(merge("mirrored", "theirs", "ours", "ours").ok());
    EXPECT_EQ(db.run("SELECT vkv_hash('kv')").text(),
              db.run("SELECT vkv_hash('kv', 'took-theirs')").text());
    forget_branches();
  }
  EXPECT_GT(conflicting_merges, 0u);
  EXPECT_EQ(db.run("SELECT vkv_check('kv')").text(), "ok");
}

std::vector<std::filesystem::path> inventories() {
  std::vector<std::filesystem::path> files{VKV_PACKAGES};
  if (std::filesystem::exists("/var/lib/dpkg/status")) files.emplace_back("/var/lib/dpkg/status");
  return files;
}

INSTANTIATE_TEST_SUITE_P(Inventory, PackageMerge, testing::ValuesIn(inventories()),
                         [](const auto& info) { return info.index == 0 ? "Small" : "Machine"; });

}  // namespace
}  // namespace vkv::test
