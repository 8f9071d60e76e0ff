// Failures that other versioned databases have had, each kept out by a test named for what it
// guards.
#include <gtest/gtest.h>
#include <pthread.h>

#include <random>
#include <string>

#include "tests/support/database.h"
#include "tests/support/processes.h"

namespace vkv::test {
namespace {

constexpr const char* kAll = "SELECT key, value FROM kv ORDER BY key";

// A table with one commit of two rows, and a branch dev there.
class KnownFailures : public testing::Test {
 protected:
  KnownFailures() { create(db); }

  static void create(Database& database) {
    database.must("CREATE VIRTUAL TABLE kv USING vkv");
    database.must("INSERT INTO kv VALUES('a', 1), ('b', 2)");
    database.must("SELECT vkv_commit('kv', 'first'); SELECT vkv_branch('kv', 'dev')");
  }
  void commit_on(const std::string& branch, const std::string& sql) {
    db.must("SELECT vkv_checkout('kv', '" + branch + "'); " + sql);
    db.must("SELECT vkv_commit('kv', 'on " + branch + "', '{\"time\":null}')");
  }
  std::string text(const std::string& sql) { return db.run(sql).text(); }

  Database db;
};

TEST_F(KnownFailures, ACheckoutCarriesNoRowsOfAnotherConnectionAlong) {
  ScratchDirectory directory;
  Database a(directory.file("shared.db"));
  Database b(directory.file("shared.db"));
  create(a);
  b.must("INSERT INTO kv VALUES('uncommitted', 1)");
  a.must(
      "SELECT vkv_checkout('kv', 'dev'); SELECT vkv_commit('kv', 'on dev', "
      "'{\"allow_empty\":true}')");
  EXPECT_TRUE(a.run("SELECT 1 FROM kv WHERE key = 'uncommitted'").rows.empty());
  EXPECT_EQ(a.run("SELECT count(*) FROM vkv_at('kv', 'dev')").value(), SqlValue(std::int64_t{2}));
  EXPECT_EQ(b.run("SELECT key FROM vkv_status('kv')").text(), "uncommitted");
  EXPECT_EQ(b.run("SELECT vkv_current_branch('kv')").text(), "main");
}

TEST_F(KnownFailures, UncommittedRowsWaitOnTheirBranch) {
  db.must("INSERT INTO kv VALUES('on main', 1); SELECT vkv_checkout('kv', 'dev')");
  db.must("INSERT INTO kv VALUES('on dev', 1); SELECT vkv_checkout('kv', 'main')");
  EXPECT_EQ(text("SELECT group_concat(key) FROM vkv_status('kv')"), "on main");
  db.must("SELECT vkv_commit('kv', 'one'); SELECT vkv_checkout('kv', 'dev')");
  EXPECT_EQ(text("SELECT group_concat(key) FROM vkv_status('kv')"), "on dev");
}

TEST_F(KnownFailures, RollbackToUndoesNothingBeforeItsSavepoint) {
  const struct {
    const char* before;
    const char* inside;
  } cases[] = {
      {"", "INSERT INTO kv VALUES('x', 1)"},
      {"INSERT INTO kv VALUES('early', 1)", "INSERT INTO kv VALUES('x', 1)"},
      {"INSERT INTO kv VALUES('early', 1); SAVEPOINT p", "INSERT INTO kv VALUES('x', 1)"},
      {"INSERT INTO kv VALUES('early', 1)", "SELECT vkv_commit('kv', 'inside')"},
      {"SELECT vkv_commit('kv', 'early')", "DELETE FROM kv; SELECT vkv_commit('kv', 'inside')"},
      {"UPDATE kv SET value = 7", "SELECT vkv_reset('kv')"},
      {"UPDATE kv SET value = 7", "UPDATE kv SET key = key || 'x'; SELECT vkv_branch('kv', 'new')"},
  };
  for (const auto& c : cases) {
    db.must(std::string("BEGIN; ") + c.before + "; SAVEPOINT s");
    const auto rows = db.run(kAll).rows;
    const auto log = db.run("SELECT commit_hash FROM vkv_log('kv')").rows;
    db.must(std::string(c.inside) + "; ROLLBACK TO s");
    EXPECT_EQ(db.run(kAll).rows, rows) << c.before << " | " << c.inside;
    EXPECT_EQ(db.run("SELECT commit_hash FROM vkv_log('kv')").rows, log) << c.inside;
    db.must("ROLLBACK");
  }
}

TEST_F(KnownFailures, ADeletionAgainstAModificationIsAConflict) {
  commit_on("main", "DELETE FROM kv WHERE key = 'a'");
  commit_on("dev", "UPDATE kv SET value = 10 WHERE key = 'a'");
  for (const char* branch : {"main", "dev"}) {
    const std::string other = branch == std::string("main") ? "dev" : "main";
    db.must(std::string("SELECT vkv_checkout('kv', '") + branch + "')");
    const auto rows = db.run(kAll).rows;
    const Answer merge = db.run("SELECT vkv_merge('kv', ?1)", {other});
    EXPECT_EQ(merge.code, SQLITE_CONSTRAINT) << branch;
    EXPECT_NE(merge.message.find('a'), std::string::npos) << merge.message;
    EXPECT_EQ(db.run(kAll).rows, rows);
  }
}

TEST_F(KnownFailures, AMergeKeepsItsSecondParent) {
  commit_on("main", "UPDATE kv SET value = 'main'");
  commit_on("dev", "UPDATE kv SET value = 'dev'");
  const std::string theirs = text("SELECT vkv_rev_parse('kv', 'dev')");
  const std::string ours = text("SELECT vkv_rev_parse('kv', 'main')");
  db.must("SELECT vkv_checkout('kv', 'main')");
  for (const char* side : {"ours", "theirs"}) {
    db.must("BEGIN");
    EXPECT_TRUE(
        db.run(std::string("SELECT vkv_merge('kv', 'dev', '{\"on_conflict\":\"") + side + "\"}')")
            .ok());
    EXPECT_EQ(text("SELECT parents FROM vkv_log('kv') LIMIT 1"),
              "[\"" + ours + "\",\"" + theirs + "\"]");
    EXPECT_EQ(text("SELECT vkv_rev_parse('kv', 'HEAD^2')"), theirs);
    db.must("ROLLBACK");
  }
}

TEST_F(KnownFailures, OneStatementWritesToOneBranch) {
  for (const char* sql : {
           "UPDATE kv SET value = vkv_checkout('kv', 'dev')",
           "UPDATE kv SET value = (SELECT vkv_checkout('kv', 'dev') WHERE kv.key = 'b')",
           "INSERT INTO kv SELECT 'c' || value, vkv_checkout('kv', 'dev') FROM kv",
           "DELETE FROM kv WHERE vkv_checkout('kv', 'dev') IS NOT NULL",
       }) {
    const auto rows = db.run(kAll).rows;
    EXPECT_FALSE(db.run(sql).ok()) << sql;
    EXPECT_EQ(text("SELECT vkv_current_branch('kv')"), "main") << sql;
    EXPECT_EQ(db.run(kAll).rows, rows) << sql;
    EXPECT_EQ(text("SELECT sum(staged) FROM vkv_branches('kv')"), "0") << sql;
  }
}

TEST_F(KnownFailures, TheMergeBaseOfACrissCrossIsTheSameFromBothSides) {
  commit_on("main", "INSERT INTO kv VALUES('m', 1)");
  commit_on("dev", "INSERT INTO kv VALUES('d', 1)");
  const std::string main1 = text("SELECT vkv_rev_parse('kv', 'main')");
  const std::string dev1 = text("SELECT vkv_rev_parse('kv', 'dev')");
  db.must("SELECT vkv_merge('kv', '" + main1 + "'); SELECT vkv_checkout('kv', 'main')");
  db.must("SELECT vkv_merge('kv', '" + dev1 + "')");
  commit_on("main", "UPDATE kv SET value = 'main' WHERE key = 'm'");
  commit_on("dev", "UPDATE kv SET value = 'dev' WHERE key = 'd'");
  EXPECT_EQ(text("SELECT vkv_merge_base('kv', 'main', 'dev')"),
            text("SELECT vkv_merge_base('kv', 'dev', 'main')"));
  const auto merged = [&](const std::string& into, const std::string& from) {
    db.must("BEGIN; SELECT vkv_checkout('kv', '" + into + "'); SELECT vkv_merge('kv', '" + from +
            "')");
    const std::string hash = text("SELECT vkv_hash('kv')");
    db.must("ROLLBACK");
    return hash;
  };
  const std::string hash = merged("main", "dev");
  EXPECT_EQ(hash.size(), 64u) << hash;
  EXPECT_EQ(hash, merged("dev", "main"));
}

// A merge elsewhere lost a committed row once in 25 to 120 runs.
TEST_F(KnownFailures, AMergeLosesNoCommittedRow) {
  std::mt19937 random(1);
  for (int i = 0; i < 150; ++i) {
    for (const char* branch : {"main", "dev"}) {
      const std::string prefix = std::string(branch) + "/" + std::to_string(random() % 1000);
      commit_on(branch,
                "INSERT OR REPLACE INTO kv VALUES('" + prefix + "', " + std::to_string(i) + ")");
    }
    const auto dev =
        db.run("SELECT key, value FROM vkv_at('kv', 'dev') WHERE key GLOB 'dev/*'").rows;
    const auto main =
        db.run("SELECT key, value FROM vkv_at('kv', 'main') WHERE key GLOB 'main/*'").rows;
    const std::string into = random() % 2 == 0 ? "main" : "dev";
    db.must("SELECT vkv_checkout('kv', '" + into + "'); SELECT vkv_merge('kv', '" +
            (into == "main" ? "dev" : "main") + "')");
    ASSERT_EQ(db.run("SELECT key, value FROM kv WHERE key GLOB 'dev/*'").rows, dev);
    ASSERT_EQ(db.run("SELECT key, value FROM kv WHERE key GLOB 'main/*'").rows, main);
  }
}

// On a thread with little stack: nothing may recurse along history.
TEST_F(KnownFailures, ADeepHistoryNeedsNoDeepStack) {
  static constexpr int kDepth = 2000;
  db.must("BEGIN");
  for (int i = 0; i < kDepth; ++i) {
    db.must("REPLACE INTO kv VALUES('a', " + std::to_string(i) +
            "); SELECT vkv_commit('kv', 'deep')");
  }
  db.must("COMMIT");
  commit_on("dev", "UPDATE kv SET value = 'dev' WHERE key = 'b'");
  // Criss-crosses, each upon the one before.
  for (int i = 0; i < 100; ++i) {
    const std::string main = text("SELECT vkv_rev_parse('kv', 'main')");
    db.must("SELECT vkv_checkout('kv', 'dev'); SELECT vkv_merge('kv', '" + main +
            "', '{\"no_ff\":true}')");
    const std::string dev = text("SELECT vkv_rev_parse('kv', 'dev^1')");
    db.must("SELECT vkv_checkout('kv', 'main'); SELECT vkv_merge('kv', '" + dev +
            "', '{\"no_ff\":true}')");
  }
  commit_on("main", "INSERT INTO kv VALUES('c', 1)");
  commit_on("dev", "INSERT INTO kv VALUES('d', 1)");
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 * 1024);
  pthread_t thread;
  const auto body = [](void* database) -> void* {
    auto& on_thread = *static_cast<Database*>(database);
    EXPECT_TRUE(on_thread.run("SELECT vkv_merge('kv', 'main')").ok());
    EXPECT_GT(
        std::get<std::int64_t>(
            on_thread.run("SELECT count(*) FROM vkv_log('kv', 'HEAD', '{\"all_parents\":true}')")
                .value()),
        kDepth);
    EXPECT_EQ(on_thread.run("SELECT vkv_check('kv')").text(), "ok");
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&thread, &attributes, body, &db), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

TEST_F(KnownFailures, AnObjectIsNotTakenForOneOfAnotherType) {
  // Every commit's bytes under the key of a node, and the other way round: the type is hashed.
  db.must(
      "UPDATE kv_store SET value = (SELECT s.value FROM kv_store s WHERE substr(s.key, 1, 1) = "
      "x'63' ORDER BY id LIMIT 1) WHERE substr(key, 1, 1) = x'6e'");
  EXPECT_EQ(db.run("SELECT vkv_check('kv')").code, SQLITE_CORRUPT);
}

// Each stored row damaged in turn: reported, or without effect; never wrong data.
TEST(DamagedStore, IsReportedAndNeverReturnedAsData) {
  ScratchDirectory directory;
  const std::string file = directory.file("damaged.db");
  std::vector<SqlRow> rows, keys;
  {
    Database db(file);
    db.must("CREATE VIRTUAL TABLE kv USING vkv");
    db.must(
        "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM n WHERE i < 150) "
        "INSERT INTO kv SELECT i, printf('%d %.*c', i, i * 9, 'v') FROM n");
    db.must("SELECT vkv_commit('kv', 'many')");
    rows = db.run(kAll).rows;
    keys = db.run("SELECT id, substr(key, 1, 6) = CAST('heads/' AS BLOB) FROM kv_store").rows;
    ASSERT_GT(keys.size(), 10u);
  }
  const char* byte_changed =
      "value = CAST(substr(value, 1, length(value) / 2) || x'ff'"
      " || substr(value, length(value) / 2 + 2) AS BLOB)";
  const char* damages[] = {
      byte_changed,
      "value = CAST(substr(value, 1, length(value) - 1) AS BLOB)",
      "value = CAST(value || x'00' AS BLOB)",
      "value = x''",
      "value = 'text'",
  };
  for (const SqlRow& key : keys) {
    const bool is_ref = key[1] == SqlValue(std::int64_t{1});
    for (const std::string damage : damages) {
      if (is_ref && damage == "value = x''") continue;  // a branch that was deleted
      Database db(file);
      db.must("BEGIN");
      ASSERT_TRUE(db.run("UPDATE kv_store SET " + damage + " WHERE id = ?1", {key[0]}).ok());
      const Answer answer = db.run(kAll);
      if (answer.ok()) {
        EXPECT_EQ(difference(rows, answer.rows), "") << key[0] << " " << damage;
      } else {
        EXPECT_EQ(answer.code, SQLITE_CORRUPT) << key[0] << " " << damage << " " << answer.message;
      }
      EXPECT_EQ(db.run("SELECT vkv_check('kv')").code, SQLITE_CORRUPT) << key[0] << " " << damage;
      db.must("ROLLBACK");
    }
  }
}

}  // namespace
}  // namespace vkv::test
