#include "core/kv/redis.h"

#include <gmock/gmock.h>
#include <hiredis/hiredis.h>

#include "core/base/error.h"
#include "tests/kv/contract.h"
#include "tests/kv/processes.h"
#include "tests/kv/redis_server.h"
#include "tests/kv/threads.h"

namespace vkv {
namespace {

using testing::HasSubstr;
using Entries = KVStore::Entries;

struct Owned {
  RedisServer server;
  Redis store{{.unix_socket = server.socket()}};
};

INSTANTIATE_TEST_SUITE_P(Redis, KVStoreContract,
                         testing::Values(Backend{"redis",
                                                 [] {
                                                   const auto owned = std::make_shared<Owned>();
                                                   return std::shared_ptr<KVStore>(owned,
                                                                                   &owned->store);
                                                 },
                                                 false}));

class RedisTest : public testing::Test {
 protected:
  Redis::Options options() const { return {.unix_socket = server_.socket()}; }
  void tell_server(const char* command) const {
    redisContext* context = redisConnectUnix(server_.socket().c_str());
    void* reply = redisCommand(context, command);
    ASSERT_NE(reply, nullptr) << context->errstr;
    EXPECT_NE(static_cast<redisReply*>(reply)->type, REDIS_REPLY_ERROR);
    freeReplyObject(reply);
    redisFree(context);
  }

  RedisServer server_;
};

TEST_F(RedisTest, StoresAreApartByPrefixAndSharedByIt) {
  Redis a({.unix_socket = server_.socket(), .prefix = "a:"});
  Redis b({.unix_socket = server_.socket(), .prefix = "b:"});
  a.set("k", "1");
  EXPECT_EQ(b.items(), Entries{});
  b.set("k", "2");
  b.clear();
  EXPECT_EQ(Redis({.unix_socket = server_.socket(), .prefix = "a:"}).items(),
            (Entries{{"k", "1"}}));
}

TEST_F(RedisTest, TakesBatchesOfManyCommands) {
  Redis store(options());
  std::vector<std::string> keys(25'000);
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = std::to_string(i);
  std::vector<KVStore::Entry> entries;
  entries.reserve(keys.size());
  for (const std::string& key : keys) entries.emplace_back(key, key);
  store.set_many(entries);
  EXPECT_EQ(store.items().size(), keys.size());
  EXPECT_EQ(store.get("24999"), "24999");
  const std::vector<std::string_view> views(keys.begin(), keys.end());
  EXPECT_EQ(store.get_many(views).size(), keys.size());
  store.remove_many(views);
  EXPECT_EQ(store.keys().size(), 0u);
}

TEST_F(RedisTest, ABatchTheServerRefusesChangesNothing) {
  Redis store(options());
  store.set("a", "before");
  tell_server("CONFIG SET maxmemory 1");
  const KVStore::Entry batch[] = {{"a", "changed"}, {"b", "new"}};
  for (const auto& write : std::vector<std::function<void()>>{
           [&] { store.set_many(batch); }, [&] { store.cas("a", "changed", "before"); }}) {
    try {
      write();
      FAIL();
    } catch (const StorageError& error) {
      EXPECT_THAT(error.what(), HasSubstr("Redis: "));
      EXPECT_THAT(error.what(), HasSubstr("maxmemory"));
    }
  }
  tell_server("CONFIG SET maxmemory 0");
  EXPECT_EQ(store.items(), (Entries{{"a", "before"}}));
  store.set("b", "1");
  EXPECT_EQ(store.get("b"), "1");
}

TEST_F(RedisTest, ReportsKeysOfAnotherKind) {
  tell_server("SET vkv:values text");
  Redis store(options());
  EXPECT_THROW(store.get("a"), StorageError);
  EXPECT_THROW(store.set("a", "1"), StorageError);
  EXPECT_THROW(store.cas("a", "1", std::nullopt), StorageError);
}

TEST_F(RedisTest, ReportsALostServerAndConnectsAnew) {
  Redis store(options());
  store.set("a", "1");
  server_.stop();
  EXPECT_THROW(store.set("a", "2"), StorageError);
  EXPECT_THROW(store.get("a"), StorageError);
  server_.start();
  EXPECT_EQ(store.get("a"), std::nullopt);
  store.set("a", "3");
  EXPECT_EQ(store.get("a"), "3");
}

TEST_F(RedisTest, NamesWhatKeepsItFromConnecting) {
  try {
    const Redis store({.unix_socket = server_.socket() + ".missing"});
    FAIL();
  } catch (const StorageError& error) {
    EXPECT_STREQ(error.what(), "Redis: No such file or directory");
  }
}

TEST_F(RedisTest, ThreadsCountTogether) {
  Redis store(options());
  count_together(store, 4, 100);
}

TEST_F(RedisTest, ThreadsSeeWholeBatches) {
  Redis store(options());
  read_while_batches_are_written(store, 200);
}

TEST_F(RedisTest, ProcessesCountTogether) {
  constexpr int kProcesses = 4;
  constexpr int kIncrements = 100;
  run_processes(kProcesses, [&](int) {
    Redis store(options());
    for (int i = 0; i < kIncrements; ++i) increment(store, "shared");
  });
  EXPECT_EQ(Redis(options()).get("shared"), std::to_string(kProcesses * kIncrements));
}

}  // namespace
}  // namespace vkv
