// vkv_diff, vkv_status and vkv_at against plain tables that hold the same versions.
#include <gtest/gtest.h>

#include <random>

#include "tests/ext/database.h"

namespace vkv::ext {
namespace {

using testing::Database;

// Three commits of a small table, and staged rows over the last; the plain tables v0 … v2 hold
// what each commit has, v3 what the workspace has.
class Versions : public ::testing::TestWithParam<unsigned> {
 protected:
  static constexpr const char* kRefs[] = {"HEAD~2", "HEAD~1", "HEAD", "WORKING"};

  Versions() : random_(GetParam()) {
    db.run("CREATE VIRTUAL TABLE kv USING vkv");
    for (int version = 0; version < 4; ++version) {
      for (auto n = random_() % 12; n > 0; --n) change_something();
      // A commit that changes nothing would be none.
      if (version < 3) db.run("REPLACE INTO kv VALUES('version'," + std::to_string(version) + ")");
      db.run("CREATE TABLE v" + std::to_string(version) +
             "(key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
             "INSERT INTO v" +
             std::to_string(version) + " SELECT * FROM kv");
      if (version < 3) db.commit();
    }
  }

  void change_something() {
    const std::string key = "'k" + std::to_string(random_() % 16) + "'";
    if (random_() % 3 == 0) {
      db.run("DELETE FROM kv WHERE key = " + key);
    } else {
      db.run("REPLACE INTO kv VALUES(" + key + "," + std::to_string(random_() % 3) + ")");
    }
  }

  std::string diff_of_plain(int a, int b, const std::string& where) {
    const std::string left = "v" + std::to_string(a);
    const std::string right = "v" + std::to_string(b);
    return db.rows(
        "SELECT * FROM (SELECT coalesce(a.key, b.key) AS key,"
        " iif(a.key IS NULL, 'added', iif(b.key IS NULL, 'removed', 'modified')) AS kind,"
        " a.value, b.value FROM " +
        left + " a FULL JOIN " + right +
        " b USING(key) WHERE a.key IS NULL OR b.key IS NULL OR a.value IS NOT b.value)" + where +
        " ORDER BY key");
  }

  Database db;
  std::mt19937 random_;
};

constexpr const char* kConditions[] = {
    "",
    " WHERE key = 'k3'",
    " WHERE key > 'k3'",
    " WHERE key >= 'k12' AND key < 'k5'",
    " WHERE key BETWEEN 'k1' AND 'k13'",
    " WHERE key IN ('k7','k3','nothing','k11','k15')",
    " WHERE key IN ('k7','k3','k11') AND key > 'k2'",
    " WHERE key GLOB 'k1*'",
    " WHERE key LIKE 'K1%'",
    " WHERE key = 'k3' OR key > 'k7'",
    " WHERE key = 5",
    " WHERE key IS NULL",
    " WHERE key = 'K3' COLLATE NOCASE",
};

TEST_P(Versions, DiffAsPlainTables) {
  for (int a = 0; a < 4; ++a) {
    for (int b = 0; b < 4; ++b) {
      for (const char* where : kConditions) {
        EXPECT_EQ(db.rows("SELECT * FROM vkv_diff('kv','" + std::string(kRefs[a]) + "','" +
                          kRefs[b] + "')" + where + " ORDER BY key"),
                  diff_of_plain(a, b, where))
            << kRefs[a] << " " << kRefs[b] << where;
      }
    }
  }
}

TEST_P(Versions, DiffInEitherOrder) {
  const std::string diff = "SELECT key FROM vkv_diff('kv','HEAD~2','WORKING') ";
  const std::string rows = db.rows(diff + "WHERE key IN ('k1','k2','k3','k7') ORDER BY key DESC");
  EXPECT_EQ(rows, db.rows("SELECT key FROM (" + diff +
                          ") WHERE key IN ('k1','k2','k3','k7')"
                          " ORDER BY +key DESC"));
}

TEST_P(Versions, StatusIsTheDiffToTheWorkspace) {
  for (const char* where : kConditions) {
    EXPECT_EQ(db.rows("SELECT * FROM vkv_status('kv')" + std::string(where)),
              diff_of_plain(2, 3, where))
        << where;
  }
}

TEST_P(Versions, ReadAsPlainTables) {
  for (int version = 0; version < 4; ++version) {
    for (const char* where : kConditions) {
      for (const char* order : {"", " DESC"}) {
        const std::string rest = where + std::string(" ORDER BY key") + order;
        EXPECT_EQ(
            db.rows("SELECT * FROM vkv_at('kv','" + std::string(kRefs[version]) + "')" + rest),
            db.rows("SELECT * FROM v" + std::to_string(version) + rest))
            << kRefs[version] << rest;
      }
    }
  }
}

TEST_P(Versions, BlameAndHistoryAgreeWithDiffs) {
  EXPECT_EQ(db.rows("SELECT key FROM vkv_blame('kv')"), db.rows("SELECT key FROM v3"));
  EXPECT_EQ(db.rows("SELECT key FROM vkv_blame('kv') WHERE commit_hash IS NULL"),
            db.rows("SELECT key FROM vkv_status('kv') WHERE kind <> 'removed'"));
  EXPECT_EQ(db.rows("SELECT b.key FROM vkv_blame('kv') b WHERE commit_hash <>"
                    " (SELECT commit_hash FROM vkv_history('kv', b.key) LIMIT 1)"),
            "");
  EXPECT_EQ(db.rows("SELECT v.key, h.kind, h.value FROM v2 v, vkv_history('kv', v.key) h,"
                    " (SELECT commit_hash FROM vkv_log('kv') LIMIT 1) head"
                    " WHERE h.commit_hash = head.commit_hash ORDER BY v.key"),
            db.rows("SELECT key, kind, new_value FROM vkv_diff('kv','HEAD~1','HEAD')"
                    " WHERE kind <> 'removed'"));
  for (const char* where : kConditions) {
    EXPECT_EQ(
        db.rows("SELECT * FROM vkv_blame('kv')" + std::string(where)),
        db.rows("SELECT * FROM (SELECT * FROM vkv_blame('kv') LIMIT -1)" + std::string(where)))
        << where;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Versions, ::testing::Range(1U, 9U));

TEST(VersionDiff, StagedRowsThatMatchTheOtherVersionAreNoDifference) {
  Database db;
  db.run("CREATE VIRTUAL TABLE kv USING vkv; INSERT INTO kv VALUES('a',1),('b',1)");
  db.commit();
  db.run("UPDATE kv SET value = 2; INSERT INTO kv VALUES('c',1)");
  db.commit();
  db.run("UPDATE kv SET value = 1 WHERE key = 'a'; DELETE FROM kv WHERE key = 'c'");
  EXPECT_EQ(db.rows("SELECT * FROM vkv_diff('kv','HEAD~1','WORKING')"), "b|modified|1|2");
  EXPECT_EQ(db.rows("SELECT * FROM vkv_diff('kv','WORKING','HEAD~1')"), "b|modified|2|1");
  EXPECT_EQ(db.rows("SELECT * FROM vkv_status('kv')"), "a|modified|2|1 c|removed|1|NULL");
  EXPECT_EQ(db.rows("SELECT * FROM vkv_diff('kv','WORKING','WORKING')"), "");
}

TEST(VersionDiff, LargeValuesAndTypes) {
  Database db;
  db.run(
      "CREATE VIRTUAL TABLE kv USING vkv;"
      "INSERT INTO kv VALUES('blob',zeroblob(100000)),('null',NULL),('number',1),('same',NULL)");
  db.commit();
  db.run(
      "UPDATE kv SET value = CAST(value AS TEXT) WHERE key = 'blob';"
      "UPDATE kv SET value = '' WHERE key = 'null'; UPDATE kv SET value = 1.0 WHERE key = "
      "'number'");
  EXPECT_EQ(db.rows("SELECT key, typeof(old_value), length(old_value), typeof(new_value)"
                    " FROM vkv_status('kv')"),
            "blob|blob|100000|text null|null|NULL|text number|integer|1|real");
}

}  // namespace
}  // namespace vkv::ext
