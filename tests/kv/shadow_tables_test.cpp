#include "core/kv/shadow_tables.h"

#include <gmock/gmock.h>

#include "core/base/error.h"
#include "tests/kv/sqlite_database.h"

namespace vkv {
namespace {

using testing::HasSubstr;

class ShadowTablesTest : public testing::Test {
 protected:
  void create(const char* schema, const char* table) {
    db_.run(create_shadow_tables_sql(schema, table));
  }
  int refusal(const std::string& sql) {
    return sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK
               ? SQLITE_OK
               : sqlite3_extended_errcode(db_.get());
  }

  SqliteDatabase db_;
};

TEST_F(ShadowTablesTest, AreNamedAfterTheTable) {
  create("main", "kv");
  EXPECT_EQ(db_.text("SELECT group_concat(name) FROM (SELECT name FROM sqlite_master"
                     " WHERE name NOT LIKE 'sqlite_autoindex%' ORDER BY name)"),
            "kv_config,kv_conflict,kv_staged,kv_store,kv_workspace");
}

TEST_F(ShadowTablesTest, TakeAnyName) {
  db_.run("ATTACH ':memory:' AS \"a \"\" b\"");
  for (const char* schema : {"main", "temp", "a \" b"}) {
    for (const char* table : {"kv", "", "a \"quoted\" one", "--\n;'", "<t>_store", "日本"}) {
      SCOPED_TRACE(std::string(schema) + "." + table);
      EXPECT_FALSE(has_shadow_tables(db_.get(), schema, table));
      create(schema, table);
      EXPECT_TRUE(has_shadow_tables(db_.get(), schema, table));
      ShadowConfig(db_.get(), schema, table).check_format();
    }
  }
}

TEST_F(ShadowTablesTest, AreFoundWhateverTheCaseOfTheirName) {
  create("main", "Kv");
  EXPECT_TRUE(has_shadow_tables(db_.get(), "main", "kV"));
  EXPECT_FALSE(has_shadow_tables(db_.get(), "main", "v"));
}

TEST_F(ShadowTablesTest, AreAllThereOrNone) {
  create("main", "kv");
  db_.run("DROP TABLE kv_staged; DROP TABLE kv_config");
  try {
    has_shadow_tables(db_.get(), "main", "kv");
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_THAT(error.what(), HasSubstr("'kv_staged', 'kv_config'"));
  }
}

TEST_F(ShadowTablesTest, MayBeRenamedAndCreatedAgain) {
  create("main", "kv");
  for (const std::string_view suffix : kShadowTables) {
    const std::string name(suffix);
    db_.run("ALTER TABLE kv_" + name + " RENAME TO other_" + name);
  }
  create("main", "kv");
  ShadowConfig(db_.get(), "main", "other").check_format();
}

TEST_F(ShadowTablesTest, AllowOneSharedWorkspaceABranchAndOneOfEachName) {
  create("main", "kv");
  const struct {
    const char* row;
    int answer;
  } cases[] = {
      {"NULL, 'main', x''", SQLITE_OK},
      {"NULL, 'main', x''", SQLITE_CONSTRAINT_UNIQUE},
      {"NULL, 'dev', x''", SQLITE_OK},
      {"'a', 'main', x''", SQLITE_OK},
      {"'a', 'dev', x''", SQLITE_CONSTRAINT_UNIQUE},
      {"'b', 'main', x''", SQLITE_OK},
      {"'c', NULL, x''", SQLITE_CONSTRAINT_NOTNULL},
      {"'c', 'main', NULL", SQLITE_CONSTRAINT_NOTNULL},
  };
  for (const auto& [row, answer] : cases) {
    EXPECT_EQ(
        refusal("INSERT INTO kv_workspace(name, branch, base) VALUES (" + std::string(row) + ")"),
        answer)
        << row;
  }
}

TEST_F(ShadowTablesTest, FindASharedWorkspaceByItsIndex) {
  create("main", "kv");
  Statement statement(db_.get(),
                      "EXPLAIN QUERY PLAN SELECT id FROM kv_workspace WHERE shared = 'main'");
  Statement::Run run(statement);
  ASSERT_TRUE(run.step());
  EXPECT_THAT(std::string(run.text(3)), HasSubstr("(shared=?)"));
}

TEST_F(ShadowTablesTest, KeepTheTypeOfStagedValues) {
  create("main", "kv");
  for (const char* value : {"NULL", "1", "1.0", "'1'", "x'31'"}) {
    db_.run("DELETE FROM kv_staged");
    db_.run("INSERT INTO kv_staged VALUES (1, x'61', 0, " + std::string(value) + ")");
    EXPECT_EQ(db_.text("SELECT quote(value) FROM kv_staged"), value[0] == 'x' ? "X'31'" : value);
  }
}

TEST_F(ShadowTablesTest, StartWithTheDefaultSettings) {
  create("main", "a");
  create("main", "b");
  ShadowConfig a(db_.get(), "main", "a");
  ShadowConfig b(db_.get(), "main", "b");
  EXPECT_EQ(a.integer("format"), kFormatVersion);
  EXPECT_EQ(a.text("type"), "versioned");
  EXPECT_EQ(a.text("default_branch"), "main");
  EXPECT_THAT(a.text("id"), testing::Optional(testing::MatchesRegex("[0-9a-f]+")));
  EXPECT_EQ(a.text("id")->size(), 32u);
  EXPECT_NE(a.text("id"), b.text("id"));
}

TEST_F(ShadowTablesTest, KeepSettings) {
  create("main", "kv");
  ShadowConfig config(db_.get(), "main", "kv");
  EXPECT_EQ(config.text("a"), std::nullopt);
  EXPECT_EQ(config.integer("a"), std::nullopt);
  config.set_text("a", "text");
  EXPECT_EQ(config.text("a"), "text");
  EXPECT_THROW(config.integer("a"), Corruption);
  config.set_integer("a", INT64_MAX);
  EXPECT_EQ(config.integer("a"), INT64_MAX);
  EXPECT_THROW(config.text("a"), Corruption);
  EXPECT_EQ(db_.busy_statements(), 0);
}

TEST_F(ShadowTablesTest, RefuseOtherFormats) {
  create("main", "kv");
  ShadowConfig config(db_.get(), "main", "kv");
  EXPECT_NO_THROW(config.check_format());
  config.set_integer("format", kFormatVersion + 1);
  try {
    config.check_format();
    FAIL();
  } catch (const Unsupported& error) {
    EXPECT_STREQ(error.what(),
                 "\"main\".\"kv_config\" says format 2, but this version of vkv knows formats up to"
                 " 1");
  }
  for (const char* damage : {"UPDATE kv_config SET value = 0 WHERE name = 'format'",
                             "UPDATE kv_config SET value = '1' WHERE name = 'format'",
                             "UPDATE kv_config SET value = NULL WHERE name = 'format'",
                             "DELETE FROM kv_config WHERE name = 'format'"}) {
    db_.run(damage);
    EXPECT_THROW(config.check_format(), Corruption) << damage;
  }
}

}  // namespace
}  // namespace vkv
