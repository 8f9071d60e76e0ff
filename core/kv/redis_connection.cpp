#include "core/kv/redis_connection.h"

#include <csignal>
#include <ctime>

#include "core/base/error.h"

namespace vkv {
namespace {

[[noreturn]] void fail(const std::string& message) { throw StorageError(0, "Redis: " + message); }

timeval as_timeval(std::chrono::milliseconds time) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  const auto rest = std::chrono::duration_cast<std::chrono::microseconds>(time - seconds);
  return {seconds.count(), rest.count()};
}

// Errors are answers too, also of the commands inside a transaction.
void check(const redisReply& reply) {
  if (reply.type == REDIS_REPLY_ERROR) fail(std::string(reply.str, reply.len));
  if (reply.type != REDIS_REPLY_ARRAY) return;
  for (const redisReply* element : reply_elements(reply)) check(*element);
}

// Keeps a write to a connection the server has closed, for which hiredis has no other way, from
// ending the process: blocks SIGPIPE in this thread, and takes back the one that came meanwhile.
class SigpipeBlock {
 public:
  SigpipeBlock() {
    sigemptyset(&sigpipe_);
    sigaddset(&sigpipe_, SIGPIPE);
    was_pending_ = is_pending();
    pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
  }
  SigpipeBlock(const SigpipeBlock&) = delete;
  SigpipeBlock& operator=(const SigpipeBlock&) = delete;
  ~SigpipeBlock() {
    const timespec now{};
    if (!was_pending_ && is_pending()) sigtimedwait(&sigpipe_, nullptr, &now);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  static bool is_pending() {
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, SIGPIPE) == 1;
  }

  sigset_t sigpipe_{};
  sigset_t before_{};
  bool was_pending_ = false;
};

}  // namespace

BytesView reply_bytes(const redisReply& reply) {
  if (reply.type != REDIS_REPLY_STRING) fail("an answer of an unexpected type");
  return {reply.str, reply.len};
}

std::span<redisReply* const> reply_elements(const redisReply& reply) {
  if (reply.type != REDIS_REPLY_ARRAY) fail("an answer of an unexpected type");
  return {reply.element, reply.elements};
}

RedisConnection::RedisConnection(const Redis::Options& options) : options_(options) { connect(); }

void RedisConnection::connect() {
  const timeval timeout = as_timeval(options_.timeout);
  context_.reset(options_.unix_socket.empty()
                     ? redisConnectWithTimeout(options_.host.c_str(), options_.port, timeout)
                     : redisConnectUnixWithTimeout(options_.unix_socket.c_str(), timeout));
  if (!context_) throw std::bad_alloc();
  if (context_->err != 0 || redisSetTimeout(context_.get(), timeout) != REDIS_OK) fail_connection();
}

RedisReply RedisConnection::run(const Command& command) {
  return std::move(exchange({&command, 1}).front());
}

void RedisConnection::run_atomically(std::span<const Command> commands) {
  std::vector<Command> all{{"MULTI"}};
  all.insert(all.end(), commands.begin(), commands.end());
  all.push_back({"EXEC"});
  exchange(all);
}

std::vector<RedisReply> RedisConnection::exchange(std::span<const Command> commands) {
  if (!context_) connect();
  const SigpipeBlock block;
  for (const Command& command : commands) {
    std::vector<const char*> pointers;
    std::vector<std::size_t> sizes;
    for (const std::string_view argument : command) {
      pointers.push_back(argument.data());
      sizes.push_back(argument.size());
    }
    if (redisAppendCommandArgv(context_.get(), static_cast<int>(pointers.size()), pointers.data(),
                               sizes.data()) != REDIS_OK) {
      fail_connection();
    }
  }
  std::vector<RedisReply> replies;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    void* reply = nullptr;
    if (redisGetReply(context_.get(), &reply) != REDIS_OK) fail_connection();
    replies.emplace_back(static_cast<redisReply*>(reply));
  }
  for (const RedisReply& reply : replies) check(*reply);
  return replies;
}

void RedisConnection::fail_connection() {
  const std::string message = context_->errstr;
  context_.reset();
  fail(message);
}

}  // namespace vkv
