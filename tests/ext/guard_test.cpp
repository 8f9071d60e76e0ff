#include "ext/guard.h"

#include <gtest/gtest.h>

#include <new>

#include "core/kv/sqlite.h"

namespace vkv::ext {
namespace {

struct Described {
  const char* name;
  std::exception_ptr error;
  int code;
  const char* message;
};

TEST(Guard, TurnsExceptionsIntoCodesAndMessages) {
  const Described cases[] = {
      {"argument", std::make_exception_ptr(InvalidArgument("no branch 'x'")), SQLITE_ERROR,
       "no branch 'x'"},
      {"type", std::make_exception_ptr(WrongType("a blob")), SQLITE_MISMATCH, "a blob"},
      {"unsupported", std::make_exception_ptr(Unsupported("live")), SQLITE_ERROR, "live"},
      {"too large", std::make_exception_ptr(TooLarge("long")), SQLITE_TOOBIG, "long"},
      {"corruption", std::make_exception_ptr(Corruption("bad")), SQLITE_CORRUPT_VTAB, "bad"},
      {"lost a race", std::make_exception_ptr(ConcurrencyError("moved")), SQLITE_BUSY, "moved"},
      {"rebased", std::make_exception_ptr(NoCommonAncestor("rebased")), SQLITE_ERROR, "rebased"},
      {"conflict", std::make_exception_ptr(MergeConflict({"a"}, {})), SQLITE_CONSTRAINT,
       "merge conflict on 1 key: 'a'"},
      {"backend", std::make_exception_ptr(StorageError(SQLITE_READONLY, "read-only")),
       SQLITE_READONLY, "read-only"},
      {"backend without a code", std::make_exception_ptr(StorageError(0, "gone")), SQLITE_ERROR,
       "gone"},
      {"memory", std::make_exception_ptr(std::bad_alloc()), SQLITE_NOMEM, ""},
      {"length", std::make_exception_ptr(std::length_error("huge")), SQLITE_TOOBIG, "huge"},
      {"not an exception", std::make_exception_ptr(5), SQLITE_ERROR, "unknown error"},
      {"not UTF-8", std::make_exception_ptr(Error("a\xff\xc3\xa9")), SQLITE_ERROR,
       "a\\xff\xc3\xa9"},
  };
  for (const auto& c : cases) {
    const Failure failure = describe(c.error);
    EXPECT_EQ(failure.code, c.code) << c.name;
    EXPECT_EQ(failure.message, c.message) << c.name;
  }
}

TEST(Guard, ReportsWhatTheBodyThrew) {
  std::string message;
  const auto report = [&](const Failure& failure) { message = failure.message; };

  EXPECT_EQ(guard([] { return SQLITE_ROW; }, report), SQLITE_ROW);
  EXPECT_EQ(message, "");
  EXPECT_EQ(guard([]() -> int { throw TooLarge("long"); }, report), SQLITE_TOOBIG);
  EXPECT_EQ(message, "long");
}

}  // namespace
}  // namespace vkv::ext
