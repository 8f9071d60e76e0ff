// A connection to a Redis server, by hiredis.
#pragma once

#include <hiredis/hiredis.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"
#include "core/kv/redis.h"

namespace vkv {

struct RedisDeleter {
  void operator()(redisContext* context) const noexcept { redisFree(context); }
  void operator()(redisReply* reply) const noexcept { freeReplyObject(reply); }
};
using RedisReply = std::unique_ptr<redisReply, RedisDeleter>;

// The bytes of a reply, valid as long as it; StorageError when it is something else than a string.
BytesView reply_bytes(const redisReply& reply);
// The elements of a reply; StorageError when it is something else than an array of `size`, if
// given.
std::span<redisReply* const> reply_elements(const redisReply& reply);

// Not thread-safe. Every error, the server's answers included, is a StorageError, with 0 as code.
// An error of the connection ends it; the next command connects anew.
class RedisConnection {
 public:
  // Borrowed: the bytes must live until the command has returned.
  using Command = std::vector<std::string_view>;

  explicit RedisConnection(const Redis::Options& options);

  RedisReply run(const Command& command);
  // All of the commands, as one step, or none when the server refuses to queue one (MULTI and
  // EXEC).
  void run_atomically(std::span<const Command> commands);

 private:
  void connect();
  // Sends all of the commands, then reads all of their replies.
  std::vector<RedisReply> exchange(std::span<const Command> commands);
  [[noreturn]] void fail_connection();

  const Redis::Options options_;
  std::unique_ptr<redisContext, RedisDeleter> context_;
};

}  // namespace vkv
