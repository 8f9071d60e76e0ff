// Every function with every number of arguments and values nobody would give on purpose: an answer
// or a clear error, and a table that is still in order.
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <sstream>
#include <vector>

#include "core/base/utf8.h"
#include "tests/ext/database.h"

namespace vkv::ext {
namespace {

using testing::Database;

constexpr int kMostArguments = 6;
constexpr int kCallsOfEach = 60;

// As SQL.
const std::vector<std::string> kTables = {"'kv'", "'kv'",      "'kv'", "'main.kv'",
                                          "'t'",  "'nowhere'", "NULL", "'sqlite_schema'"};
const std::vector<std::string> kValues = {
    "NULL",
    "''",
    "'main'",
    "'HEAD'",
    "'HEAD~1'",
    "'HEAD^9'",
    "'WORKING'",
    "'main~999999999999999999999'",
    "'kv'",
    "'a'",
    "0",
    "-9223372036854775808",
    "1e999",
    "0.5",
    "x''",
    "x'ff'",
    "zeroblob(100000)",
    "CAST(x'ff' AS TEXT)",
    "CAST(x'610062' AS TEXT)",
    "printf('%.20000c', '~')",
    "printf('%.20000c', '[')",
    "'../../x'",
    "'{}'",
    "'{'",
    "'[]'",
    "'{\"force\":true,\"time\":1e300}'",
    "'{\"dry_run\":1,\"on_conflict\":\"theirs\"}'",
    "'{\"keys\":[\"*\",\"[\"],\"allow_empty\":true,\"info\":{}}'",
    "'{\"a\":' || printf('%.5000c', '[') || '}'",
};

class Hostile : public ::testing::Test {
 protected:
  Hostile() {
    db.run(
        "CREATE TABLE t(x); CREATE VIRTUAL TABLE kv USING vkv; INSERT INTO kv VALUES('a', 1);"
        "SELECT vkv_commit('kv', 'm'); INSERT INTO kv VALUES('b', 1)");
  }

  std::string pick(const std::vector<std::string>& from) {
    return from[std::uniform_int_distribution<std::size_t>(0, from.size() - 1)(random_)];
  }

  std::string call(const std::string& name, int arguments) {
    std::string sql = name + "(";
    for (int i = 0; i < arguments; ++i)
      sql += (i > 0 ? ", " : "") + pick(i > 0 ? kValues : kTables);
    return sql + ")";
  }

  void expect_orderly(const std::string& name, const std::string& sql) {
    static const std::set<int> allowed = {SQLITE_OK, SQLITE_ERROR, SQLITE_MISMATCH,
                                          SQLITE_CONSTRAINT, SQLITE_TOOBIG};
    const auto outcome = db.attempt(sql);
    EXPECT_TRUE(allowed.contains(outcome.code & 0xff)) << sql << "\n" << outcome.message;
    EXPECT_TRUE(is_utf8(outcome.message)) << sql;
    EXPECT_LT(outcome.message.size(), 2000) << sql;
    if (outcome.code != SQLITE_OK) {
      EXPECT_NE(outcome.message.find(name), std::string::npos) << sql << "\n" << outcome.message;
    }
  }

  // Of all that are listed by `pragma`, called by `select` and the call; returns how many.
  int expect_all_orderly(const std::string& pragma, const std::string& select) {
    std::istringstream names(
        db.rows("SELECT group_concat(DISTINCT name) FROM " + pragma + " WHERE name GLOB 'vkv_*'"));
    int functions = 0;
    for (std::string name; std::getline(names, name, ','); ++functions) {
      for (int arguments = 0; arguments <= kMostArguments; ++arguments) {
        for (int i = 0; i < kCallsOfEach; ++i) {
          expect_orderly(name, select + call(name, arguments));
        }
      }
      // Wherever that led.
      db.run("SELECT vkv_checkout('kv', 'main'); SELECT vkv_check('kv')");
    }
    return functions;
  }

  Database db;
  std::mt19937 random_{1};
};

TEST_F(Hostile, EveryFunctionAnswersOrSaysWhy) {
  EXPECT_GT(expect_all_orderly("pragma_function_list", "SELECT "), 20);
}

TEST_F(Hostile, EveryTableFunctionAnswersOrSaysWhy) {
  EXPECT_GE(expect_all_orderly("pragma_module_list", "SELECT * FROM "), 10);
}

}  // namespace
}  // namespace vkv::ext
