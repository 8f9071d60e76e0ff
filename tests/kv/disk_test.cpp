#include "core/kv/disk.h"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <fstream>
#include <thread>

#include "core/base/error.h"
#include "core/kv/shadow_tables.h"
#include "tests/kv/contract.h"
#include "tests/kv/sqlite_database.h"
#include "tests/kv/temporary_directory.h"
#include "tests/kv/threads.h"

namespace vkv {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;
using Entries = KVStore::Entries;

struct Owned {
  TemporaryDirectory directory;
  Disk disk{directory / "store.db"};
};

INSTANTIATE_TEST_SUITE_P(Disk, KVStoreContract,
                         testing::Values(Backend{"disk", [] {
                                                   const auto owned = std::make_shared<Owned>();
                                                   return std::shared_ptr<KVStore>(owned,
                                                                                   &owned->disk);
                                                 }}));

class DiskTest : public testing::Test {
 protected:
  std::string contents() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  // The StorageError or other error that opening `path` ends in; empty when it opens.
  static std::string refusal(const std::filesystem::path& path) {
    try {
      const Disk disk(path);
      return "";
    } catch (const Error& error) {
      return error.what();
    }
  }

  const TemporaryDirectory directory_;
  const std::filesystem::path path_ = directory_ / "store.db";
};

TEST_F(DiskTest, KeepsEverythingInItsFile) {
  Disk(path_).set("a", "1");
  EXPECT_EQ(Disk(path_).items(), (Entries{{"a", "1"}}));
}

TEST_F(DiskTest, HasTheLayoutOfATableOfTheExtension) {
  Disk disk(path_);
  disk.set("a", "1");
  SqliteDatabase db(path_);
  EXPECT_TRUE(has_shadow_tables(db.get(), "main", "vkv"));
  EXPECT_EQ(ShadowConfig(db.get(), "main", "vkv").integer("format"), kFormatVersion);
  EXPECT_EQ(db.text("SELECT key || '=' || value FROM vkv_store"), "a=1");
  EXPECT_EQ(db.text("PRAGMA journal_mode"), "wal");
}

TEST_F(DiskTest, OpensTablesThatOthersMade) {
  {
    SqliteDatabase db(path_);
    db.run("CREATE TABLE mine(a); INSERT INTO mine VALUES (1);" +
           create_shadow_tables_sql("main", "vkv") +
           "INSERT INTO vkv_store(key, value) VALUES (x'61', x'31')");
  }
  EXPECT_EQ(Disk(path_).items(), (Entries{{"a", "1"}}));
  EXPECT_EQ(SqliteDatabase(path_).text("SELECT a FROM mine"), "1");
}

TEST_F(DiskTest, TakesEveryNameForAFile) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(directory_.path());
  for (const char* name : {":memory:", "file:x?mode=memory", "a b%20c", "日本"}) {
    Disk(name).set("name", name);
    EXPECT_TRUE(std::filesystem::exists(name));
    EXPECT_EQ(Disk(name).get("name"), name);
  }
  std::filesystem::current_path(before);
}

TEST_F(DiskTest, RefusesPathsItCannotUse) {
  using namespace std::literals;
  EXPECT_THROW(Disk(""), InvalidArgument);
  EXPECT_THROW(Disk("a\0b"s), InvalidArgument);
  EXPECT_THAT(refusal(directory_.path()),
              AllOf(HasSubstr(directory_.path().native()), HasSubstr("Is a directory")));
  const std::filesystem::path nowhere = directory_ / "missing/store.db";
  EXPECT_THAT(refusal(nowhere),
              AllOf(HasSubstr(nowhere.native()), HasSubstr("No such file or directory")));
}

TEST_F(DiskTest, RefusesWhatIsNoDatabaseAndLeavesItAlone) {
  const std::string text(10'000, 'x');
  std::ofstream(path_) << text;
  try {
    const Disk disk(path_);
    FAIL();
  } catch (const StorageError& error) {
    EXPECT_EQ(error.code(), SQLITE_NOTADB);
    EXPECT_THAT(error.what(), AllOf(HasSubstr(path_.native()), HasSubstr("not a database")));
  }
  EXPECT_EQ(contents(), text);
}

TEST_F(DiskTest, RefusesOtherFormatsBeforeItWritesAnything) {
  SqliteDatabase(path_).run(create_shadow_tables_sql("main", "vkv"));
  for (const char* damage :
       {"UPDATE vkv_config SET value = 2 WHERE name = 'format'",
        "DELETE FROM vkv_config WHERE name = 'format'", "DROP TABLE vkv_staged"}) {
    SqliteDatabase(path_).run(damage);
    const std::string before = contents();
    EXPECT_THROW(Disk{path_}, Error) << damage;
    EXPECT_EQ(contents(), before) << damage;
  }
}

TEST_F(DiskTest, NamesBothVersionsOfANewerFormat) {
  Disk(path_).set("a", "1");
  SqliteDatabase(path_).run("UPDATE vkv_config SET value = 2 WHERE name = 'format'");
  EXPECT_THAT(refusal(path_), AllOf(HasSubstr("format 2"), HasSubstr("up to 1")));
}

TEST_F(DiskTest, WaitsForOtherProcessesAsLongAsItWasTold) {
  Disk disk(path_, milliseconds(30));
  SqliteDatabase other(path_);
  other.run("BEGIN IMMEDIATE");
  const auto start = std::chrono::steady_clock::now();
  const std::string_view keys[] = {"a"};
  const std::function<void()> writes[] = {
      [&] { disk.set("a", "1"); },
      [&] { disk.remove_many(keys); },
      [&] { disk.cas("a", "1", std::nullopt); },
      [&] { disk.clear(); },
      [&] { disk.exclusive([] { FAIL(); }); },
  };
  for (const auto& write : writes) {
    try {
      write();
      FAIL();
    } catch (const StorageError& error) {
      EXPECT_EQ(error.code(), SQLITE_BUSY);
      EXPECT_EQ(error.what(), path_.native() + ": another process kept it locked for 30 ms");
    }
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  EXPECT_EQ(disk.items(), Entries{});
  other.run("COMMIT");
  disk.set("a", "1");
  EXPECT_EQ(disk.get("a"), "1");
}

TEST_F(DiskTest, VisitsAndReadsOfManySeeOneMoment) {
  Disk disk(path_);
  Disk other(path_);
  for (const char* key : {"a", "b", "c"}) disk.set(key, "before");
  Entries visited;
  disk.visit("", [&](std::string_view key, BytesView value) {
    for (const char* changed : {"a", "b", "c", "d"}) other.set(changed, "after");
    const std::string_view keys[] = {"a", "c", "d"};
    EXPECT_EQ(disk.get_many(keys), (Entries{{"a", "before"}, {"c", "before"}}));
    visited.emplace(key, value);
    return true;
  });
  EXPECT_EQ(visited, (Entries{{"a", "before"}, {"b", "before"}, {"c", "before"}}));
  EXPECT_EQ(disk.get("d"), "after");
}

TEST_F(DiskTest, ExclusiveLetsOthersReadButNotWrite) {
  Disk disk(path_);
  Disk other(path_, milliseconds(0));
  disk.set("a", "1");
  disk.exclusive([&] {
    disk.set("a", "2");
    EXPECT_EQ(other.get("a"), "1");
    EXPECT_THROW(other.set("b", "1"), StorageError);
  });
  EXPECT_EQ(other.items(), (Entries{{"a", "2"}}));
}

TEST_F(DiskTest, ExclusiveKeepsOtherThreadsOut) {
  Disk disk(path_);
  disk.set("a", "1");
  std::thread writer;
  disk.exclusive([&] {
    writer = std::thread([&] { disk.set("a", "other"); });
    std::this_thread::sleep_for(milliseconds(20));
    EXPECT_EQ(disk.get("a"), "1");
    disk.set("a", "2");
  });
  writer.join();
  EXPECT_EQ(disk.get("a"), "other");
}

// A full disk makes SQLite roll back the whole transaction; nothing may be written after that.
TEST_F(DiskTest, ExclusiveKeepsNothingOnceSqliteHasRolledBack) {
  Disk disk(path_);
  disk.set("a", "before");
  {
    SqliteDatabase other(path_);
    other.run(
        "CREATE TRIGGER full BEFORE INSERT ON vkv_store WHEN NEW.key = x'66756c6c'"
        " BEGIN SELECT RAISE(ROLLBACK, 'full'); END");
  }
  const auto body = [&] {
    disk.set("a", "changed");
    EXPECT_THROW(disk.set("full", "1"), StorageError);
    EXPECT_THROW(disk.set("b", "1"), StorageError);
  };
  EXPECT_THROW(disk.exclusive(body), StorageError);
  EXPECT_EQ(disk.items(), (Entries{{"a", "before"}}));
  disk.set("b", "1");
  EXPECT_EQ(disk.get("b"), "1");
}

TEST_F(DiskTest, ABatchThatFailsChangesNothing) {
  Disk disk(path_);
  disk.set("a", "before");
  SqliteDatabase(path_).run(
      "CREATE TRIGGER no BEFORE INSERT ON vkv_store WHEN NEW.key = x'7a'"
      " BEGIN SELECT RAISE(ABORT, 'no'); END");
  const KVStore::Entry batch[] = {{"a", "changed"}, {"b", "new"}, {"z", "refused"}};
  EXPECT_THROW(disk.set_many(batch), StorageError);
  EXPECT_EQ(disk.items(), (Entries{{"a", "before"}}));
}

TEST_F(DiskTest, ThreadsCountTogether) {
  Disk disk(path_);
  count_together(disk, 4, 50);
}

TEST_F(DiskTest, ThreadsSeeWholeBatches) {
  Disk disk(path_);
  read_while_batches_are_written(disk, 50);
}

}  // namespace
}  // namespace vkv
