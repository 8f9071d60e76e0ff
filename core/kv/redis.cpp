#include "core/kv/redis.h"

#include <algorithm>

#include "core/kv/redis_connection.h"

namespace vkv {
namespace {

using Command = RedisConnection::Command;

// Entries a command; Redis takes about a million arguments.
constexpr std::size_t kBatch = 10'000;

// KEYS: the hash, the sorted set. ARGV: key, value and, unless the key must not exist, the expected
// value.
constexpr const char* kCompareAndSwap = R"lua(
local current = redis.call('HGET', KEYS[1], ARGV[1])
if current ~= (ARGV[3] or false) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], 0, ARGV[1])
return 1
)lua";

// KEYS: the hash, the sorted set. ARGV: the range of keys. Answers key, value, key, value …
constexpr const char* kEntries = R"lua(
local entries = {}
for i, key in ipairs(redis.call('ZRANGEBYLEX', KEYS[2], ARGV[1], ARGV[2])) do
  entries[2 * i - 1] = key
  entries[2 * i] = redis.call('HGET', KEYS[1], key)
end
return entries
)lua";

// The keys that start with a prefix, as ZRANGEBYLEX takes them.
struct LexRange {
  explicit LexRange(std::string_view prefix) {
    if (prefix.empty()) return;
    first.assign("[").append(prefix);
    // Up to the prefix with its last byte one higher; those that cannot be higher are left out.
    const std::size_t last = prefix.find_last_not_of('\xff');
    if (last == prefix.npos) return;
    end.assign("(").append(prefix.substr(0, last + 1));
    ++end.back();
  }

  std::string first = "-";
  std::string end = "+";
};

}  // namespace

Redis::Redis(const Options& options)
    : values_(options.prefix + "values"),
      keys_(options.prefix + "keys"),
      connection_(std::make_unique<RedisConnection>(options)) {}

Redis::~Redis() = default;

std::optional<Bytes> Redis::get(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const RedisReply reply = connection_->run({"HGET", values_, key});
  if (reply->type == REDIS_REPLY_NIL) return std::nullopt;
  return Bytes(reply_bytes(*reply));
}

bool Redis::contains(std::string_view key) {
  const std::lock_guard lock(mutex_);
  return connection_->run({"HEXISTS", values_, key})->integer == 1;
}

KVStore::Entries Redis::get_many(std::span<const std::string_view> keys) {
  Entries found;
  if (keys.empty()) return found;
  Command command{"HMGET", values_};
  command.insert(command.end(), keys.begin(), keys.end());
  const std::lock_guard lock(mutex_);
  const RedisReply reply = connection_->run(command);
  for (std::size_t i = 0; const redisReply* value : reply_elements(*reply)) {
    const std::string_view key = keys[i++];
    if (value->type != REDIS_REPLY_NIL)
      found.insert_or_assign(std::string(key), reply_bytes(*value));
  }
  return found;
}

void Redis::set_many(std::span<const Entry> entries) {
  std::vector<Command> commands;
  for (; !entries.empty(); entries = entries.subspan(std::min(kBatch, entries.size()))) {
    Command set{"HSET", values_};
    Command add{"ZADD", keys_};
    for (const auto& [key, value] : entries.first(std::min(kBatch, entries.size()))) {
      set.insert(set.end(), {key, value});
      add.insert(add.end(), {"0", key});
    }
    commands.insert(commands.end(), {std::move(set), std::move(add)});
  }
  const std::lock_guard lock(mutex_);
  connection_->run_atomically(commands);
}

void Redis::remove_many(std::span<const std::string_view> keys) {
  std::vector<Command> commands;
  for (; !keys.empty(); keys = keys.subspan(std::min(kBatch, keys.size()))) {
    const auto batch = keys.first(std::min(kBatch, keys.size()));
    Command remove{"HDEL", values_};
    Command remove_key{"ZREM", keys_};
    remove.insert(remove.end(), batch.begin(), batch.end());
    remove_key.insert(remove_key.end(), batch.begin(), batch.end());
    commands.insert(commands.end(), {std::move(remove), std::move(remove_key)});
  }
  const std::lock_guard lock(mutex_);
  connection_->run_atomically(commands);
}

bool Redis::cas(std::string_view key, BytesView value, std::optional<BytesView> expected) {
  Command command{"EVAL", kCompareAndSwap, "2", values_, keys_, key, value};
  if (expected) command.push_back(*expected);
  const std::lock_guard lock(mutex_);
  return connection_->run(command)->integer == 1;
}

void Redis::visit_keys(std::string_view prefix, const KeyVisitor& visit) {
  const LexRange range(prefix);
  const RedisReply reply = [&] {
    const std::lock_guard lock(mutex_);
    return connection_->run({"ZRANGEBYLEX", keys_, range.first, range.end});
  }();
  for (const redisReply* key : reply_elements(*reply)) {
    if (!visit(reply_bytes(*key))) return;
  }
}

void Redis::visit(std::string_view prefix, const EntryVisitor& visit) {
  const LexRange range(prefix);
  const RedisReply reply = [&] {
    const std::lock_guard lock(mutex_);
    return connection_->run({"EVAL", kEntries, "2", values_, keys_, range.first, range.end});
  }();
  const std::span entries = reply_elements(*reply);
  for (std::size_t i = 0; i + 1 < entries.size(); i += 2) {
    if (!visit(reply_bytes(*entries[i]), reply_bytes(*entries[i + 1]))) return;
  }
}

void Redis::clear() {
  const std::lock_guard lock(mutex_);
  connection_->run({"UNLINK", values_, keys_});
}

}  // namespace vkv
