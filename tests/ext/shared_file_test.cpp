// One file, written by the core's Disk and by a table of the extension: values keep their type.
#include <gtest/gtest.h>

#include "core/kv/disk.h"
#include "core/store/versioned.h"
#include "tests/ext/database.h"
#include "tests/kv/temporary_directory.h"

namespace vkv::ext {
namespace {

using testing::Database;

Bytes number(std::int64_t value) { return counter().encode(value); }

class SharedFile : public ::testing::Test {
 protected:
  SharedFile() { db.run("CREATE VIRTUAL TABLE vkv USING vkv"); }

  TemporaryDirectory directory;
  const std::string file = directory / "file.db";
  Database db{file};
};

TEST_F(SharedFile, TheCoreReadsWhatSqlWrote) {
  db.run("INSERT INTO vkv VALUES('b', x'00ff'), ('i', -2), ('n', NULL), ('r', 1.5), ('t', 'é')");
  db.commit("vkv");
  Versioned v(std::make_shared<Disk>(file));
  EXPECT_EQ(v.get_value("b"), Value(ValueType::blob, Bytes("\0\xff", 2)));
  EXPECT_EQ(v.get_value("i"), Value(ValueType::integer, number(-2)));
  EXPECT_EQ(v.get_value("n"), Value(ValueType::null, ""));
  EXPECT_EQ(v.get_value("r"), Value(ValueType::real, Bytes("\x3f\xf8\0\0\0\0\0\0", 8)));
  EXPECT_EQ(v.get_value("t"), Value(ValueType::text, "é"));
}

TEST_F(SharedFile, SqlReadsWhatTheCoreWrote) {
  Versioned(std::make_shared<Disk>(file))
      .commit({{"b", "bytes"},
               {"i", Value(ValueType::integer, number(-2))},
               {"n", Value(ValueType::null, "")},
               {"r", Value(ValueType::real, Bytes("\x3f\xf8\0\0\0\0\0\0", 8))},
               {"t", Value(ValueType::text, "é")}});
  EXPECT_EQ(db.rows("SELECT key, typeof(value), value FROM vkv"),
            "b|blob|x'6279746573' i|integer|-2 n|null|NULL r|real|1.5 t|text|é");
}

TEST_F(SharedFile, CountersCountOnBothSides) {
  db.run("INSERT INTO vkv VALUES('hits', 1)");
  db.commit("vkv");
  Versioned v(std::make_shared<Disk>(file));
  v.set_content_type("hits", counter());
  db.run("UPDATE vkv SET value = value + 10");
  db.commit("vkv");
  const auto merged = v.commit({{"hits", Value(ValueType::integer, number(1 + 100))}});
  EXPECT_EQ(merged.strategy, Strategy::three_way);
  EXPECT_EQ(db.rows("SELECT typeof(value), value FROM vkv"), "integer|111");
}

}  // namespace
}  // namespace vkv::ext
