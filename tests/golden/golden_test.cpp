// A database that an earlier build stored stays readable, and today's build stores the same.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>

#include "tests/support/database.h"
#include "tests/support/processes.h"

namespace vkv::test {
namespace {

constexpr const char* kHash = "a4afb44d0a9948947a90bc8ad2a64ff99cbce635bcd061025bb225f13aa4f234";

const std::vector<SqlRow>& pinned_log() {
  static const SqlValue none;
  static const std::vector<SqlRow> log{
      {"88b550e335a25114516f11617942a7f1d385c6daeeb3f7a1958d59982b62490c",
       R"(["54a4da395fc2c9c69164bfba3713ccc061fd0620f53efa4c498a08d014fdd943","92446474232dc523f49fdbfee3ecaa4741ca31a597a362634bf35466c79581a2"])",
       "M", "1969-12-31T23:59:59Z", "Merge dev into main", none},
      {"54a4da395fc2c9c69164bfba3713ccc061fd0620f53efa4c498a08d014fdd943",
       R"(["973f5ec594a653570510ef2a7b4deecb18f2282a2b066558c11b6669a0c3ac87"])", none,
       "1970-01-01T00:00:00Z", "on main", none},
      {"92446474232dc523f49fdbfee3ecaa4741ca31a597a362634bf35466c79581a2",
       R"(["973f5ec594a653570510ef2a7b4deecb18f2282a2b066558c11b6669a0c3ac87"])", none, none,
       "on dev", none},
      {"973f5ec594a653570510ef2a7b4deecb18f2282a2b066558c11b6669a0c3ac87",
       R"(["8a48b7edabc946c2bc525e53a9ee53ff48765b0673be6490c1d00fa2befd5c99"])", "A U Thor",
       "2026-01-02T03:04:05.678Z", "first", R"({"a":[2],"b":1})"},
      {"8a48b7edabc946c2bc525e53a9ee53ff48765b0673be6490c1d00fa2befd5c99", "[]", none, none, none,
       none},
  };
  return log;
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void expect_contents(Database& db) {
  EXPECT_EQ(db.run("SELECT vkv_check('kv')").text(), "ok");
  EXPECT_EQ(db.run("SELECT vkv_hash('kv', 'main')").text(), kHash);
  EXPECT_EQ(db.run("SELECT commit_hash, parents, author, time, message, info "
                   "FROM vkv_log('kv', 'main', '{\"all_parents\":true}')")
                .rows,
            pinned_log());
  EXPECT_EQ(db.run("SELECT group_concat(name || ' ' || staged) FROM vkv_branches('kv')").text(),
            "dev 0,main 2");
  EXPECT_EQ(db.run("SELECT group_concat(kind || ' ' || key) FROM vkv_status('kv')").text(),
            "removed null,added staged");
}

class Golden : public testing::Test {
 protected:
  Golden() { std::filesystem::copy_file(VKV_GOLDEN "/format1.db", file); }

  ScratchDirectory directory;
  const std::string file = directory.file("copy.db");
};

TEST_F(Golden, TheStoredFileOpens) {
  Database db(file);
  expect_contents(db);
  const struct {
    const char* key;
    SqlValue value;
  } cases[] = {
      {"", "an empty key"},
      {"blob", SqlBlob{std::string("\0\xff", 2)}},
      {"integer", std::numeric_limits<std::int64_t>::min()},
      {"real", 0.1},
      {"text", "grüße"},
      {"text as long as fits", std::string(1024, 'a')},
      {"text outside", std::string(1025, 'b')},
      {"empty text", ""},
      {"empty blob", SqlBlob{}},
      {"row/0007", "on main"},
      {"row/0017", "on dev"},
      {"row/1999", "value 3996001"},
      {"staged", std::int64_t{1}},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(db.run("SELECT value FROM kv WHERE key = ?1", {c.key}).value(), c.value) << c.key;
  }
  EXPECT_EQ(db.run("SELECT length(value) FROM kv WHERE key = 'text in chunks'").value(),
            SqlValue(std::int64_t{117781}));
}

TEST_F(Golden, TheStoredFileCanBeWorkedOn) {
  Database db(file);
  db.must("SELECT vkv_commit('kv', 'more'); SELECT vkv_merge('kv', 'dev')");
  EXPECT_EQ(db.run("SELECT count(*) FROM vkv_log('kv')").value(), SqlValue(std::int64_t{5}));
  EXPECT_EQ(db.run("SELECT vkv_check('kv')").text(), "ok");
}

TEST_F(Golden, TheStoredFileOpensReadOnly) {
  Database db(file, SQLITE_OPEN_READONLY);
  expect_contents(db);
  EXPECT_TRUE(db.run("SELECT vkv_checkout('kv', 'dev')").ok());
  EXPECT_EQ(db.run("INSERT INTO kv VALUES('x', 1)").code, SQLITE_READONLY);
  EXPECT_EQ(db.run("SELECT vkv_commit('kv', 'x', '{\"allow_empty\":true}')").code, SQLITE_READONLY);
}

TEST(GoldenScript, StoresTheSameToday) {
  Database db;
  db.must(read_file(VKV_GOLDEN "/make.sql"));
  expect_contents(db);
}

TEST_F(Golden, ANewerFormatIsRefusedBeforeAnyWrite) {
  { Database(file).must("UPDATE kv_config SET value = value + 1 WHERE name = 'format'"); }
  const std::string before = read_file(file);
  {
    Database db(file);
    for (const char* sql : {
             "SELECT * FROM kv",
             "SELECT * FROM kv WHERE key = 'text'",
             "INSERT INTO kv VALUES('x', 1)",
             "DELETE FROM kv",
             "SELECT vkv_commit('kv', 'x')",
             "SELECT vkv_branch('kv', 'x')",
             "SELECT vkv_checkout('kv', 'dev')",
             "SELECT vkv_merge('kv', 'dev')",
             "SELECT * FROM vkv_log('kv')",
             "SELECT * FROM vkv_at('kv', 'main')",
             "SELECT vkv_check('kv')",
             "CREATE VIRTUAL TABLE kv USING vkv",
         }) {
      const Answer answer = db.run(sql);
      EXPECT_EQ(answer.code, SQLITE_ERROR) << sql;
      if (std::string(sql).starts_with("CREATE")) continue;  // the table exists
      EXPECT_NE(answer.message.find("format 2"), std::string::npos)
          << sql << ": " << answer.message;
      EXPECT_NE(answer.message.find('1'), std::string::npos) << sql << ": " << answer.message;
    }
  }
  EXPECT_EQ(read_file(file), before);
}

}  // namespace
}  // namespace vkv::test
