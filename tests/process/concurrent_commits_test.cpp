// Several processes committing to one file: each acknowledged commit is in exactly one place of one
// history.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <stdexcept>

#include "tests/support/database.h"
#include "tests/support/processes.h"

namespace vkv::test {
namespace {

constexpr int kProcesses = 3;
constexpr int kCommits = 40;

// Runs the statement until it does not meet another writer.
Answer retried(Database& db, const std::string& sql, const std::vector<SqlValue>& parameters = {}) {
  for (;;) {
    const Answer answer = db.run(sql, parameters);
    if (answer.code == SQLITE_BUSY) continue;
    if (!answer.ok()) throw std::runtime_error(sql + ": " + answer.message);
    return answer;
  }
}

std::string token(int process, int number) {
  return "token/" + std::to_string(process) + "/" + std::to_string(number);
}

void create(const std::string& file, const std::string& journal) {
  Database db(file);
  db.must("PRAGMA journal_mode = " + journal);
  db.must("CREATE VIRTUAL TABLE kv USING vkv");
  db.must("INSERT INTO kv VALUES('first', 1); SELECT vkv_commit('kv', 'first')");
}

// Every process runs `commit`, which makes one token a commit and answers its hash.
using Committer = std::function<std::string(Database&, const std::string& token)>;

std::map<std::string, std::string> run_processes(const std::string& file, const Committer& commit) {
  std::vector<std::unique_ptr<Process>> processes;
  for (int p = 0; p < kProcesses; ++p) {
    processes.push_back(std::make_unique<Process>([&, p](const Process::Tell& tell) {
      Database db(file);
      db.must("PRAGMA busy_timeout = 10000; PRAGMA synchronous = OFF");
      for (int i = 0; i < kCommits; ++i) tell(token(p, i) + " " + commit(db, token(p, i)));
    }));
  }
  std::map<std::string, std::string> acknowledged;  // token → commit
  for (const auto& process : processes) {
    for (const std::string& line : process->lines()) {
      const auto space = line.find(' ');
      acknowledged[line.substr(0, space)] = line.substr(space + 1);
    }
    EXPECT_TRUE(process->succeeded());
  }
  return acknowledged;
}

class ConcurrentCommits : public testing::TestWithParam<const char*> {
 protected:
  void check_tokens(Database& db) {
    EXPECT_EQ(db.run("SELECT vkv_check('kv')").text(), "ok");
    for (int p = 0; p < kProcesses; ++p) {
      for (int i = 0; i < kCommits; ++i) {
        const Answer found =
            db.run("SELECT value FROM vkv_at('kv', 'main') WHERE key = ?1", {token(p, i)});
        EXPECT_EQ(found.rows.size(), 1u) << token(p, i);
      }
    }
  }

  ScratchDirectory directory;
  const std::string file = directory.file("shared.db");
};

TEST_P(ConcurrentCommits, OnTheSharedWorkspaceEachIsOneCommitOfALine) {
  create(file, GetParam());
  const auto acknowledged = run_processes(file, [](Database& db, const std::string& token) {
    retried(db, "BEGIN IMMEDIATE");
    retried(db, "INSERT INTO kv VALUES(?1, 1)", {token});
    const std::string hash = retried(db, "SELECT vkv_commit('kv', ?1)", {token}).text();
    retried(db, "COMMIT");
    return hash;
  });
  ASSERT_EQ(acknowledged.size(), kProcesses * kCommits + 0u);
  Database db(file);
  check_tokens(db);
  const Answer log = db.run("SELECT message, commit_hash FROM vkv_log('kv', 'main')");
  EXPECT_EQ(log.rows.size(), acknowledged.size() + 2);  // the first commit and the root
  std::map<std::string, std::string> logged;
  for (const SqlRow& row : log.rows) {
    if (const auto* message = std::get_if<std::string>(&row[0])) {
      EXPECT_TRUE(logged.emplace(*message, std::get<std::string>(row[1])).second) << *message;
    }
  }
  for (const auto& [token, hash] : acknowledged) EXPECT_EQ(logged[token], hash);
}

// Each process works upon a version of its own, so that most commits are merges with the head.
TEST_P(ConcurrentCommits, FromOldBasesEachIsMergedOnce) {
  create(file, GetParam());
  const auto acknowledged = run_processes(file, [](Database& db, const std::string& token) {
    if (token.ends_with("/0")) {
      const SqlValue start = db.run("SELECT vkv_current_commit('kv')").value();
      retried(db, "SELECT vkv_checkout('kv', ?1)", {start});
    }
    retried(db, "INSERT INTO kv VALUES(?1, 1)", {token});
    return retried(db, "SELECT vkv_commit('kv', ?1)", {token}).text();
  });
  ASSERT_EQ(acknowledged.size(), kProcesses * kCommits + 0u);
  Database db(file);
  check_tokens(db);
  std::map<std::string, int> messages;
  std::set<std::string> commits;
  for (const SqlRow& row :
       db.run("SELECT message, commit_hash FROM vkv_log('kv', 'main', '{\"all_parents\":true}')")
           .rows) {
    EXPECT_TRUE(commits.insert(std::get<std::string>(row[1])).second);
    if (const auto* message = std::get_if<std::string>(&row[0])) ++messages[*message];
  }
  for (const auto& [token, hash] : acknowledged) {
    EXPECT_EQ(messages[token], 1) << token;
    EXPECT_TRUE(commits.contains(hash)) << token;
  }
}

INSTANTIATE_TEST_SUITE_P(Journal, ConcurrentCommits, testing::Values("WAL", "DELETE"));

}  // namespace
}  // namespace vkv::test
