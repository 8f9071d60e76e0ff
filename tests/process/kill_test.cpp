// kill -9 while a process commits: what was acknowledged is there, the rest is absent or whole.
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <random>
#include <thread>

#include "tests/support/database.h"
#include "tests/support/processes.h"

namespace vkv::test {
namespace {

constexpr int kKills = 25;

// Commits number after number until it is killed, telling each once SQLite has acknowledged it.
void commit_for_ever(const std::string& file, std::int64_t first, const Process::Tell& tell) {
  Database db(file);
  db.must("PRAGMA busy_timeout = 10000; PRAGMA synchronous = NORMAL");
  for (std::int64_t number = first;; ++number) {
    // Each commit changes one row it adds and one that is there, in one transaction with a plain
    // table.
    db.must("BEGIN IMMEDIATE");
    db.must("INSERT INTO kv VALUES(" + std::to_string(number) + ", 'added')");
    db.must("UPDATE kv SET value = " + std::to_string(number) + " WHERE key = 'latest'");
    db.must("INSERT INTO plain VALUES(" + std::to_string(number) + ")");
    db.must("SELECT vkv_commit('kv', '" + std::to_string(number) + "')");
    db.must("COMMIT");
    tell(std::to_string(number));
  }
}

class Kill : public testing::TestWithParam<const char*> {};

TEST_P(Kill, AcknowledgedCommitsStayAndTheRestIsAbsentOrWhole) {
  ScratchDirectory directory;
  const std::string file = directory.file("killed.db");
  {
    Database db(file);
    db.must(std::string("PRAGMA journal_mode = ") + GetParam());
    db.must("CREATE TABLE plain(number INTEGER PRIMARY KEY)");
    db.must("CREATE VIRTUAL TABLE kv USING vkv");
    db.must("INSERT INTO kv VALUES('latest', 0); SELECT vkv_commit('kv', '0')");
  }
  std::mt19937 random(1);
  std::int64_t last = 0;  // the latest commit in the file
  for (int i = 0; i < kKills; ++i) {
    std::int64_t acknowledged = last;
    {
      Process process([&](const Process::Tell& tell) { commit_for_ever(file, last + 1, tell); });
      // At any point of one of its first commits.
      for (auto left = random() % 8; left > 0; --left)
        acknowledged = std::stoll(process.next_line());
      std::this_thread::sleep_for(std::chrono::microseconds(random() % 3'000));
      process.kill();
      for (const std::string& line : process.lines()) acknowledged = std::stoll(line);
    }

    Database db(file);
    ASSERT_EQ(db.run("PRAGMA integrity_check").text(), "ok");
    ASSERT_EQ(db.run("SELECT vkv_check('kv')").text(), "ok");
    ASSERT_EQ(db.run("SELECT vkv_has_changes('kv')").value(), SqlValue(std::int64_t{0}));
    last = std::stoll(db.run("SELECT message FROM vkv_log('kv') LIMIT 1").text());
    EXPECT_GE(last, acknowledged);
    EXPECT_LE(last, acknowledged + 1);
    const SqlValue number(last);
    EXPECT_EQ(db.run("SELECT value FROM kv WHERE key = 'latest'").value(), number);
    EXPECT_EQ(db.run("SELECT count(*) FROM kv WHERE value = 'added'").value(), number);
    EXPECT_EQ(db.run("SELECT count(*) FROM plain").value(), number);
    EXPECT_EQ(db.run("SELECT count(*) - 2 FROM vkv_log('kv')").value(), number);
  }
  EXPECT_GT(last, kKills);
}

INSTANTIATE_TEST_SUITE_P(Journal, Kill, testing::Values("WAL", "DELETE"));

}  // namespace
}  // namespace vkv::test
